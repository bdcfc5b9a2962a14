using System.CommandLine;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs export</c>: writes a file or a directory with all in it to a folder of this machine.</summary>
internal sealed class FsExportCommand : FileCommand
{
    private const int Page = 1_000;

    private readonly Argument<string> _path = PathArgument("The file or directory");
    private readonly Argument<string> _to = new("FOLDER") { Description = "A folder of this machine; it is made" };

    public FsExportCommand(ShellContext context)
        : base("export", "Write a file, or a directory with all in it, to a folder of this machine", context)
    {
        Add(_path);
        Add(_to);
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken)
    {
        var path = VfsPath.Normalize(parse.GetRequiredValue(_path));
        var node = await files.StatAsync(path) ?? throw LlmosException.NotFound($"There is nothing at '{path}': llmos fs ls lists what there is.");
        var top = node.Kind == NodeKind.File ? VfsPath.ParentOf(path) : path;
        var folder = Path.GetFullPath(parse.GetRequiredValue(_to));
        var (written, open) = (0, new Stack<FileNode>([node]));
        while (open.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var target = Path.Combine(folder, next.Path[top.Length..].TrimStart('/').Replace('/', Path.DirectorySeparatorChar));
            if (next.Kind == NodeKind.File)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await File.WriteAllTextAsync(target, await files.ReadAsync(next.Path), cancellationToken);
                written++;
                continue;
            }

            Directory.CreateDirectory(target);
            for (var after = ""; await files.ListAsync(next.Path, after, Page) is { IsEmpty: false } children; after = VfsPath.NameOf(children[^1].Path))
            {
                foreach (var child in children)
                {
                    open.Push(child);
                }
            }
        }

        await Context.Console.Out.WriteLineAsync($"{written} files written to {folder}");
    }
}
