using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs ls</c>: lists a directory by name, or by how near to a meaning what is in it is.</summary>
internal sealed class FsListCommand : FileCommand
{
    private readonly Argument<string> _path = OptionalPath("The directory");
    private readonly Option<string?> _similar = new("--similar-to", "-s") { Description = "The nearest to this first", HelpName = "TEXT" };
    private readonly Option<int> _limit = Limit(1_000, 1);
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public FsListCommand(ShellContext context)
        : base("ls", "List a directory by name, or by how near to a meaning what is in it is", context)
    {
        Add(_path);
        Add(_similar);
        Add(_limit);
        Add(_format);
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken)
    {
        var (path, limit) = (parse.GetRequiredValue(_path), parse.GetValue(_limit));
        if (parse.GetValue(_similar) is { } meaning)
        {
            FileView.Show(Context.Console, await files.ListSimilarAsync(path, meaning, Math.Min(limit, 1_000)), parse.GetValue(_format));
        }
        else
        {
            var nodes = await files.ListAsync(path, limit: limit);
            if (parse.GetValue(_format) != OutputFormat.Table)
            {
                await Context.Console.Out.WriteLineAsync(Structured.Write(parse.GetValue(_format), [.. nodes.Select(FileRow.Of)], JsonRows.Readable.ListFileRow));
            }
            else
            {
                FileView.Show(Context.Console, nodes);
            }

            // Nobody is to take a part for all there is.
            if (nodes.Length == limit && await files.ListAsync(path, VfsPath.NameOf(nodes[^1].Path), 1) is [var next] && next.Path != nodes[^1].Path)
            {
                Context.Console.WriteProgress($"There is more in {VfsPath.ParentOf(nodes[^1].Path)} than these {limit}: --lines shows up to 10000, and fs find --depth 1 all.");
            }
        }
    }
}
