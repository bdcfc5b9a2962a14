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
        var isFolder = Directory.Exists(from);
        if (!isFolder && !File.Exists(from))
        {
            throw new UsageException($"There is no file or folder '{from}'.");
        }

        var root = isFolder ? from : Path.GetDirectoryName(from)!;
        if (isFolder)
        {
            await files.MakeDirectoryAsync(into);
        }

        var (taken, same, skipped) = (0, 0, 0);
        foreach (var file in (isFolder ? Directory.EnumerateFiles(from, "*", Visible) : [from]).Order(StringComparer.Ordinal))
        {
            await CountAsync(file, () => TakeAsync(files, file, PathOf(file), cancellationToken));
        }

        foreach (var link in (isFolder ? HostLinks.In(from) : []).Order(StringComparer.Ordinal))
        {
            await CountAsync(link, () => TakeLinkAsync(files, root, link, PathOf(link)));
        }

        await Context.Console.Out.WriteLineAsync($"{taken} taken in, {same} unchanged, {skipped} left out");

        string PathOf(string host) => VfsPath.Normalize(Path.GetRelativePath(root, host).Replace(Path.DirectorySeparatorChar, '/'), into);

        // One of a folder whose name or place VectorFS cannot have is no reason to leave the others out.
        async Task CountAsync(string host, Func<Task<bool>> take)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                _ = await take() ? taken++ : same++;
            }
            catch (LeftOutException left)
            {
                LeaveOut($"{host} {left.Message}, and left out");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LeaveOut($"{host} cannot be read ({exception.Message.TrimEnd('.')}), and is left out");
            }
            catch (LlmosException refusal) when (isFolder && refusal.Code is LlmosErrorCode.InvalidArgument or LlmosErrorCode.FailedPrecondition)
            {
                LeaveOut($"{host} is left out: {refusal.Message}");
            }
        }

        void LeaveOut(string sentence)
        {
            Context.Console.WriteProgress(sentence);
            skipped++;
        }
    }

    /// <returns>Whether it was not there as it is.</returns>
    private static async Task<bool> TakeAsync(IVectorFsGrain files, string file, string path, CancellationToken cancellationToken)
    {
        var text = await TextOfAsync(file, cancellationToken) ?? throw new LeftOutException($"is no UTF-8 text of up to {IVectorFsGrain.MaxContent / 1024 / 1024} MiB");
        if (await files.StatAsync(path) is { Kind: NodeKind.File } known && await files.ReadAsync(path, known.Version) == text)
        {
            return false;
        }

        await files.MakeDirectoryAsync(VfsPath.ParentOf(path));
        await files.WriteAsync(path, text);
        return true;
    }

    /// <returns>Whether it was not there as it is.</returns>
    private static async Task<bool> TakeLinkAsync(IVectorFsGrain files, string root, string link, string path)
    {
        var target = HostLinks.TargetWithin(root, link) ?? throw new LeftOutException("is a link out of the folder");
        if (await files.StatAsync(path, followLink: false) is { Kind: NodeKind.SymbolicLink } known)
        {
            if (known.Target == target)
            {
                return false;
            }

            await files.RemoveAsync(path);
        }

        await files.MakeDirectoryAsync(VfsPath.ParentOf(path));
        await files.LinkSymbolicallyAsync(target, path);
        return true;
    }

    private static EnumerationOptions Visible => new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };

    // What has no length is not opened: it may be a pipe, and that would be waited for.
    private static async Task<string?> TextOfAsync(string file, CancellationToken cancellationToken) => new FileInfo(file).Length switch
    {
        0 => "",
        > IVectorFsGrain.MaxContent => null,
        _ => HostText.TryDecode(await File.ReadAllBytesAsync(file, cancellationToken)),
    };

    /// <summary>Its message goes on after the name of what is left out.</summary>
    private sealed class LeftOutException(string message) : Exception(message);
}
