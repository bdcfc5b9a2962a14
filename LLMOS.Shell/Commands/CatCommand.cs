using System.Collections.Immutable;
using System.CommandLine;
using LLMOS.Kernel.Memory;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands;

/// <summary><c>cat</c>: writes what a context region holds, or a file of VectorFS.</summary>
internal sealed class CatCommand : ShellCommand
{
    private readonly Argument<string> _region = new("REGION")
    {
        Description = "The region's path, such as /context/project-webserver; or a file's, as fs cat writes it",
        HelpName = "REGION|PATH",
    };
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public CatCommand(ShellContext context)
        : base("cat", "Write what a context region holds, oldest first, or a file of VectorFS", context)
    {
        Add(_region);
        Add(_format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var path = parse.GetRequiredValue(_region);
        path = Context.Directory.Path == VfsPath.Root ? path : Context.Directory.Absolute(path);
        ImmutableArray<ContextEntry> entries;
        try
        {
            entries = await lease.Client.ReadRegionAsync(path).WaitAsync(cancellationToken);
        }
        catch (LlmosException none) when (none.Code is LlmosErrorCode.NotFound or LlmosErrorCode.InvalidArgument && path.StartsWith('/'))
        {
            // Regions are shown in VectorFS, too, so that the region is looked for first.
            if (await lease.Client.Files.StatAsync(path).WaitAsync(cancellationToken) is not { Kind: NodeKind.File })
            {
                throw;
            }

            var text = await lease.Client.Files.ReadAsync(path).WaitAsync(cancellationToken);
            await Context.Console.Out.WriteAsync(Context.Console.OutAnsi is null ? text : SafeText.Lines(text));
            return ExitCodes.Success;
        }

        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(parse.GetValue(_format), [.. entries.Select(Row)], JsonRows.Readable.ListEntryRow));
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
