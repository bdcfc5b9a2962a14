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
        VectorResult { Space: var space, Vector: var vector } => Text($"{space}: [{string.Join(' ', vector.Take(8).Select(value => value.ToString("0.###", CultureInfo.InvariantCulture)))} …] ({vector.Length} floats)"),
        _ => SyscallSentence.Of(result),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
