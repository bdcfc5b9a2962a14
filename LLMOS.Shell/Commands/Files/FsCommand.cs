using System.CommandLine;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs</c>: the commands on VectorFS.</summary>
internal sealed class FsCommand : Command
{
    public FsCommand(ShellContext context)
        : base("fs", "Files in VectorFS: found by path, by words and by meaning")
    {
        Command[] commands =
        [
            new FsListCommand(context),
            new FsCatCommand(context),
            FsWriteCommand.Write(context),
            FsWriteCommand.Append(context),
            new FsChangeCommand("mkdir", "Make a directory, and those above it", "The new directory", context, (files, path) => files.MakeDirectoryAsync(path)),
            new FsMoveCommand(context),
            new FsRemoveCommand(context),
            new FsLinkCommand(context),
            new FsChangeCommand("share", "Let others than the owner change a file", "The file", context, (files, path) => files.ShareAsync(path, shared: true)),
            new FsChangeCommand("unshare", "Let only the owner change a file", "The file", context, (files, path) => files.ShareAsync(path, shared: false)),
            new FsHistoryCommand(context),
            new FsDiffCommand(context),
            new FsRollbackCommand(context),
            new FsGrepCommand(context),
            new FsFindCommand(context),
            new FsSearchCommand(context),
            new FsWatchCommand(context),
            new FsImportCommand(context),
            new FsExportCommand(context),
        ];
        foreach (var command in commands)
        {
            Add(command);
        }
    }
}
