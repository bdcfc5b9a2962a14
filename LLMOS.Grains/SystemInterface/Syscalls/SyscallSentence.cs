using System.Globalization;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>What a syscall gave, in words: for the one who asked, and for the context of a process that made it.</summary>
public static class SyscallSentence
{
    private const int MostItems = 20;

    public static string Of(SyscallResult result) => result switch
    {
        ProcessResult { Process: var process } => Text($"{process.Name} (PID {process.Pid}) is {process.State.ToString().ToUpperInvariant()}, priority {process.Priority}"),
        ProcessListResult { Processes: var processes } => List(processes, process => Text($"{process.Pid} {process.Name} {process.State.ToString().ToUpperInvariant()}")),
        MessageResult { Message: { } message } => Text($"{message.MessageType.ToString().ToUpperInvariant()} {message.From} → {message.To}: {message.Payload}"),
        MessageResult => "there is no message",
        BroadcastResult { Recipients: var count } => Text($"sent to {count} processes"),
        RegionResult { Region: var region } => Text($"{region.Path}: {region.Entries} entries, {region.Tokens} tokens"),
        EntriesResult { Entries: var entries } => List(entries, entry => $"{entry.Author}: {entry.Text}"),
        VectorResult { Space: var space, Vector: var vector } => Text($"{vector.Length} floats of {space}"),
        LimitsResult { Tokens: var tokens } limits => Text($"process {limits.Pid}: {tokens.Consumed} of {tokens.Allocated} tokens of this slice, {limits.UsedTokens} in all, {limits.Context.CurrentLength} of {limits.Context.MaxLength} of its window"),
        FileResult { File: var file } => file.Kind == NodeKind.Directory ? file.Path : Text($"{file.Path} is at version {file.Version}"),
        FilesResult { Files: var files } => List(files, file => file.Path),
        MatchesResult { Matches: var matches } => List(matches, match => Text($"{match.Path}:{match.Line}: {match.Text}")),
        VersionsResult { Versions: var versions } => List(versions, version => Text($"{version.Version} {version.At:O} {version.Author} {version.Change}")),
        TextResult { Text: var text } => text,
        _ => result.ToString(),
    };

    private static string List<T>(IReadOnlyCollection<T> items, Func<T, string> line)
    {
        var more = items.Count > MostItems ? Text($"\n… and {items.Count - MostItems} more") : "";
        return items.Count == 0 ? "nothing" : $"{string.Join('\n', items.Take(MostItems).Select(line))}{more}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
