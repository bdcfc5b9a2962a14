using System.Globalization;
using LLMOS.Shell.Commands;
using LLMOS.Shell.Output;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Shell.Syscalls;

/// <summary>Shows what a syscall gave.</summary>
internal static class SyscallView
{
    private const int MessageLength = 2_000;

    public static void Show(ShellConsole console, SyscallResult result)
    {
        switch (result)
        {
            case ProcessListResult list:
                var table = new TextTable().Column("PID", right: true).Column("NAME").Column("STATE").Column("TOKENS", right: true);
                foreach (var process in list.Processes)
                    table.Row(Figures.Count(process.Pid), process.Name, PsCommand.State(process), Figures.Count(process.PromptTokens + process.CompletionTokens));
                table.WriteTo(console);
                break;
            case EntriesResult entries:
                foreach (var entry in entries.Entries)
                    console.Out.WriteLine($"{SafeText.FirstLine(entry.Author, 60)}: {SafeText.Lines(entry.Text)}");
                break;
            case FilesResult files:
                FileView.Show(console, files.Files);
                break;
            case VersionsResult versions:
                FileView.Show(console, versions.Versions);
                break;
            case MatchesResult matches:
                FileView.Show(console, matches.Matches, OutputFormat.Table);
                break;
            default:
                console.Out.WriteLine(SafeText.Lines(Line(result)));
                break;
        }
    }

    private static string Line(SyscallResult result) => result switch
    {
        ProcessResult { Process: var process } => Text($"{process.Name} (PID {process.Pid}) is {PsCommand.State(process)}, priority {process.Priority}"),
        MessageResult { Message: { } message } => Text($"{message.MessageType.ToString().ToUpperInvariant()} {message.From} → {message.To}: {SafeText.FirstLine(message.Payload, MessageLength)}"),
        MessageResult => "there is no message",
        BroadcastResult { Recipients: var count } => Text($"sent to {count} processes"),
        RegionResult { Region: var region } => Text($"{region.Path}: {region.Entries} entries, {region.Tokens} tokens"),
        VectorResult { Space: var space, Vector: var vector } => Text($"{space}: [{string.Join(' ', vector.Take(8).Select(value => value.ToString("0.###", CultureInfo.InvariantCulture)))} …] ({vector.Length} floats)"),
        LimitsResult { Tokens: var tokens } limits => Text($"process {limits.Pid}: {tokens.Consumed} of {tokens.Allocated} tokens of this slice, {limits.UsedTokens} in all, {limits.Context.CurrentLength} of {limits.Context.MaxLength} of its window"),
        FileResult { File: var file } => file.Version == 0 ? file.Path : Text($"{file.Path} is at version {file.Version}"),
        TextResult { Text: var text } => text,
        _ => result.ToString(),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
