using System.Globalization;
using LLMOS.SystemInterface.Syscalls;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.SystemInterface.Acting;

/// <summary>What came of a syscall, in words: for the one who asked, and for the context of the process that made it.</summary>
internal static class SyscallSentence
{
    private const int MostItems = 20;

    public static string Of(SyscallCall call, SyscallResult result) => result switch
    {
        ProcessResult { Process: var process } => Text($"{call.Name}: {process.Name} (PID {process.Pid}) is {process.State.ToString().ToUpperInvariant()}, priority {process.Priority}"),
        ProcessListResult { Processes: var processes } => List(call, processes, process => Text($"{process.Pid} {process.Name} {process.State.ToString().ToUpperInvariant()}")),
        MessageResult { Message: { } message } => Text($"{call.Name}: {message.From} → {message.To}: {message.Payload}"),
        MessageResult => $"{call.Name}: there is no message",
        BroadcastResult { Recipients: var count } => Text($"{call.Name}: sent to {count} processes"),
        RegionResult { Region: var region } => Text($"{call.Name}: {region.Path} has {region.Entries} entries, {region.Tokens} tokens"),
        EntriesResult { Entries: var entries } => List(call, entries, entry => $"{entry.Author}: {entry.Text}"),
        VectorResult { Space: var space, Vector: var vector } => Text($"{call.Name}: {vector.Length} floats of {space}"),
        LimitsResult { Tokens: var tokens } limits => Text($"{call.Name}: process {limits.Pid} has used {tokens.Consumed} of {tokens.Allocated} tokens of this slice, {limits.UsedTokens} in all"),
        FileResult { File: var file } => file.Kind == NodeKind.Directory ? $"{call.Name}: {file.Path}" : Text($"{call.Name}: {file.Path} is at version {file.Version}"),
        FilesResult { Files: var files } => List(call, files, file => file.Path),
        MatchesResult { Matches: var matches } => List(call, matches, match => Text($"{match.Path}:{match.Line}: {match.Text}")),
        VersionsResult { Versions: var versions } => List(call, versions, version => Text($"{version.Version} {version.At:O} {version.Author} {version.Change}")),
        TextResult { Text: var text } => $"{call.Name}: {text}",
        _ => $"{call.Name}: done",
    };

    private static string List<T>(SyscallCall call, IReadOnlyCollection<T> items, Func<T, string> line)
    {
        var more = items.Count > MostItems ? Text($"\n… and {items.Count - MostItems} more") : "";
        return items.Count == 0 ? $"{call.Name}: nothing" : $"{call.Name}:\n{string.Join('\n', items.Take(MostItems).Select(line))}{more}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
