using System.CommandLine;
using System.Text.Json;
using LLMOS.Kernel.Memory;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>cat</c>: writes what a context region holds.</summary>
internal sealed class CatCommand : ShellCommand
{
    private readonly Argument<string> _region = new("REGION") { Description = "The region's path, such as /context/project-webserver" };
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public CatCommand(ShellContext context)
        : base("cat", "Write what a context region holds, oldest first", context)
    {
        Add(_region);
        Add(_format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var entries = await lease.Client.ReadRegionAsync(parse.GetRequiredValue(_region)).WaitAsync(cancellationToken);
        if (parse.GetValue(_format) == OutputFormat.Json)
        {
            await Context.Console.Out.WriteLineAsync(JsonSerializer.Serialize([.. entries.Select(Row)], JsonRows.Readable.ListEntryRow));
            return ExitCodes.Success;
        }

        var view = new TranscriptView(Context.Console);
        foreach (var entry in entries)
        {
            view.Show(new TranscriptSegment(entry.Author, entry.Pid, entry.Text.TrimEnd() + "\n", IsNote: false));
        }

        view.EndLine();
        return ExitCodes.Success;
    }

    private static EntryRow Row(ContextEntry entry) => new(entry.Id, entry.Pid, entry.Author, entry.At, entry.Tokens, entry.Text);
}
