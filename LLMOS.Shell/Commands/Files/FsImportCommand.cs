using System.CommandLine;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs import</c>: takes a file or a folder of this machine in. What is there already with the same content stays as it is, so that it can be done again.</summary>
internal sealed class FsImportCommand : FileCommand
{
    private readonly Argument<string> _from = new("FROM") { Description = "A file or folder of this machine" };
    private readonly Argument<string> _path = OptionalPath("The directory to put it into");

    public FsImportCommand(ShellContext context)
        : base("import", "Take a file or a folder of this machine in; doing it again takes in what has changed", context)
    {
        Add(_from);
        Add(_path);
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken)
    {
        var from = Path.GetFullPath(parse.GetRequiredValue(_from));
        var into = Context.Directory.Absolute(parse.GetRequiredValue(_path));
        var (root, found) = Directory.Exists(from) ? (from, Directory.EnumerateFiles(from, "*", Visible))
            : File.Exists(from) ? (Path.GetDirectoryName(from)!, [from])
            : throw new UsageException($"There is no file or folder '{from}'.");
        var (taken, same, skipped) = (0, 0, 0);
        foreach (var file in found.Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = VfsPath.Normalize(Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'), into);
            if (await TextOfAsync(file, cancellationToken) is not { } text)
            {
                Context.Console.WriteProgress($"{file} is no UTF-8 text of up to {IVectorFsGrain.MaxContent / 1024 / 1024} MiB, and left out");
                skipped++;
            }
            else if (await files.StatAsync(path) is { Kind: NodeKind.File } known && await files.ReadAsync(path, known.Version) == text)
            {
                same++;
            }
            else
            {
                await files.MakeDirectoryAsync(VfsPath.ParentOf(path));
                await files.WriteAsync(path, text);
                taken++;
            }
        }

        IEnumerable<string> links = Directory.Exists(from) ? HostLinks.In(from) : [];
        foreach (var link in links.Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = VfsPath.Normalize(Path.GetRelativePath(root, link).Replace(Path.DirectorySeparatorChar, '/'), into);
            if (HostLinks.TargetWithin(root, link) is not { } target)
            {
                Context.Console.WriteProgress($"{link} is a link out of the folder, and left out");
                skipped++;
            }
            else if (await files.StatAsync(path, followLink: false) is { Kind: NodeKind.SymbolicLink } known)
            {
                if (known.Target == target)
                {
                    same++;
                    continue;
                }

                await files.RemoveAsync(path);
                await files.LinkSymbolicallyAsync(target, path);
                taken++;
            }
            else
            {
                await files.MakeDirectoryAsync(VfsPath.ParentOf(path));
                await files.LinkSymbolicallyAsync(target, path);
                taken++;
            }
        }

        await Context.Console.Out.WriteLineAsync($"{taken} taken in, {same} unchanged, {skipped} left out");
    }

    private static EnumerationOptions Visible => new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };

    private static async Task<string?> TextOfAsync(string file, CancellationToken cancellationToken) =>
        new FileInfo(file).Length > IVectorFsGrain.MaxContent ? null : HostText.TryDecode(await File.ReadAllBytesAsync(file, cancellationToken));
}
