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
        var path = Context.Directory.Absolute(parse.GetRequiredValue(_path));
        var node = await files.StatAsync(path) ?? throw LlmosException.NotFound($"There is nothing at '{path}': llmos fs ls lists what there is.");
        var top = node.Kind == NodeKind.File ? VfsPath.ParentOf(path) : path;
        var folder = Path.GetFullPath(parse.GetRequiredValue(_to));
        if (File.Exists(folder))
        {
            throw new UsageException($"'{folder}' is a file: name a folder, which is made where there is none.");
        }

        var (written, links, open) = (0, new List<FileNode>(), new Stack<FileNode>([node]));
        while (open.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var target = PlaceOf(next);
            if (next.Kind == NodeKind.File ? Directory.Exists(target) : next.Kind == NodeKind.Directory && File.Exists(target))
            {
                var (here, there) = next.Kind == NodeKind.File ? ("folder", "file") : ("file", "directory");
                throw new LlmosException(LlmosErrorCode.FailedPrecondition, $"{target} is a {here}, and {next.Path} a {there}: move it away, or export to another folder.");
            }

            if (next.Kind == NodeKind.File)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await File.WriteAllTextAsync(target, await files.ReadAsync(next.Path), cancellationToken);
                written++;
                continue;
            }

            if (next.Kind == NodeKind.SymbolicLink)
            {
                links.Add(next);
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

        foreach (var link in links)
        {
            Link(link, PlaceOf(link), folder);
        }

        await Context.Console.Out.WriteLineAsync($"{written} files written to {folder}");

        string PlaceOf(FileNode exported) => Path.Combine(folder, exported.Path[top.Length..].TrimStart('/').Replace('/', Path.DirectorySeparatorChar));
    }

    /// <summary>Makes a symbolic link of this machine, unless it would lead to what was not exported.</summary>
    private void Link(FileNode link, string place, string folder)
    {
        var directory = Path.GetDirectoryName(place)!;
        var target = link.Target.Replace('/', Path.DirectorySeparatorChar);
        if (!HostLinks.IsWithin(folder, directory, target))
        {
            Context.Console.WriteProgress($"{link.Path} leads to '{link.Target}', which is not said relative to it or is outside of what is exported, and is left out");
            return;
        }

        Directory.CreateDirectory(directory);
        if (new FileInfo(place).LinkTarget is not null)
        {
            File.Delete(place);
        }

        File.CreateSymbolicLink(place, target);
    }
}
