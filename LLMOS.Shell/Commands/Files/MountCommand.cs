using System.CommandLine;
using LLMOS.Shell.Mounting;
using LLMOS.Shell.Sessions;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>mount</c>: shows VectorFS as a folder of this machine, until Ctrl-C.</summary>
internal sealed class MountCommand : ShellCommand
{
    /// <summary>How long programs' requests that are under way may take to end when the folder is taken away.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly Argument<string> _folder = new("DIR") { Description = "An empty folder of this machine" };

    public MountCommand(ShellContext context)
        : base("mount", "Show VectorFS as a folder of this machine, until Ctrl-C (Linux)", context) => Add(_folder);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var point = MountPoint.Find(parse.GetRequiredValue(_folder));
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false, Lasts = true }, cancellationToken);
        var files = lease.Client.Files;

        // Who may not read, or whom nobody answers, is told so here and not by a folder of errors.
        await files.StatAsync(VfsPath.Root).WaitAsync(cancellationToken);
        var folder = new VectorFolder(files, Libc.EffectiveUser(), Libc.EffectiveGroup(), TimeProvider.System, Context.Console.WriteError, point.Folder);
        using var device = point.Mount();
        using var connection = new FuseConnection(device, folder.AnswerAsync, Context.Console.WriteError);
        var serving = connection.RunAsync();
        try
        {
            await connection.Agreed.WaitAsync(cancellationToken);
            await Context.Console.Out.WriteLineAsync($"VectorFS is at {point.Folder}; Ctrl-C takes it away");
            await serving.WaitAsync(cancellationToken);
        }
        finally
        {
            if (!serving.IsCompleted)
            {
                point.Unmount();
                device.Stop();
                await serving.WaitAsync(EndLimit, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await folder.SaveAllAsync();
        }

        return ExitCodes.Success;
    }
}
