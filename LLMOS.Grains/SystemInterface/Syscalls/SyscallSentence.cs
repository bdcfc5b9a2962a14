using System.Globalization;
using LLMOS.Kernel.Resources;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>What a syscall gave, in words: for the one who asked, and for the context of a process that made it.</summary>
public static class SyscallSentence
{
    private const int MostItems = 20;

    public static string Of(SyscallResult result) => result switch
    {
        ProcessResult { Process: { Exit: { } exit } ended } => Text($"{ended.Name} (PID {ended.Pid}) is {ended.State.ToString().ToUpperInvariant()}, {exit.Kind.ToString().ToUpperInvariant()} with code {exit.Code}: {exit.Text}"),
        ProcessResult { Process: var process } => Text($"{process.Name} (PID {process.Pid}) is {process.State.ToString().ToUpperInvariant()}, priority {process.Priority}"),
        ProcessListResult { Processes: var processes } => List(processes, process => Text($"{process.Pid} {process.Name} {process.State.ToString().ToUpperInvariant()}")),
        MessageResult { Message: { } message } => Text($"{message.MessageType.ToString().ToUpperInvariant()} {message.From} → {message.To}: {message.Payload}"),
        MessageResult => "there is no message",
        BroadcastResult { Recipients: var count } => Text($"sent to {count} processes"),
        RegionResult { Region: var region } => Text($"{region.Path}: {region.Entries} entries, {region.Tokens} tokens"),
        EntriesResult { Entries: var entries } => List(entries, entry => $"{entry.Author}: {entry.Text}"),
        VectorResult { Space: var space, Vector: var vector } => Text($"{vector.Length} floats of {space}"),
        LimitsResult { Tokens: var tokens } limits => Text($"process {limits.Pid}: {tokens.Consumed} of {tokens.Allocated} tokens of this slice, {limits.UsedTokens} in all, {limits.Context.CurrentLength} of {limits.Context.MaxLength} of its window; {LimitsOf(limits.Statement)}"),
        FileResult { File: var file } => file.Kind == NodeKind.Directory ? file.Path : Text($"{file.Path} is at version {file.Version}"),
        FilesResult { Files: var files } => List(files, file => file.Path),
        MatchesResult { Matches: var matches } => List(matches, match => Text($"{match.Path}:{match.Line}: {match.Text}")),
        VersionsResult { Versions: var versions } => List(versions, version => Text($"{version.Version} {version.At:O} {version.Author} {version.Change}")),
        TextResult { Text: var text } => text,
        _ => result.ToString(),
    };

    /// <summary>The limits that are set, by the names that setrlimit has for them, and what is used of them.</summary>
    private static string LimitsOf(AccountStatement statement)
    {
        var limits = statement.Limits;
        List<string> set = [Text($"slice {limits.Slice.TotalSeconds} s{(limits.HardCap ? ", hardcap" : "")}")];
        Add(limits.Tokens, Text($"tokens {statement.Budget.Consumed} of {limits.Tokens}"));
        Add(limits.Processes, Text($"processes {statement.Processes} of {limits.Processes}"));
        Add(limits.ContextTokens, Text($"memory {statement.ContextTokens} of {limits.ContextTokens} tokens"));
        Add(limits.Messages, Text($"messages {statement.Messages} of {limits.Messages}"));
        Add(limits.RequestsPerMinute, Text($"requests {limits.RequestsPerMinute} a minute"));
        Add(limits.TokensPerMinute, Text($"rate {limits.TokensPerMinute} tokens a minute"));
        Add(limits.GpuUnits, Text($"gpu {statement.GpuUnits} of {limits.GpuUnits}"));
        return $"limits: {string.Join(", ", set)}";

        void Add(double limit, string text)
        {
            if (limit > 0)
            {
                set.Add(text);
            }
        }
    }

    private static string List<T>(IReadOnlyCollection<T> items, Func<T, string> line)
    {
        var more = items.Count > MostItems ? Text($"\n… and {items.Count - MostItems} more") : "";
        return items.Count == 0 ? "nothing" : $"{string.Join('\n', items.Take(MostItems).Select(line))}{more}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
