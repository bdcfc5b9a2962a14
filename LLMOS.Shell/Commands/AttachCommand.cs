using System.CommandLine;
using LLMOS.Shell.Attaching;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>attach</c>: writes what a process says, as it says it, until it ends or Ctrl-C leaves it.</summary>
internal sealed class AttachCommand : ShellCommand
{
    private readonly Argument<string> _process = ProcessArgument.Create();

    public AttachCommand(ShellContext context)
        : base("attach", "See what a process says, from what it said lately until it ends; Ctrl-C leaves it, and it goes on", context) => Add(_process);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions(), cancellationToken);
        var process = await lease.Client.GetProcessAsync(await lease.Client.ResolveAsync(parse.GetRequiredValue(_process)));
        if (!parse.GetValue(Context.Global.Quiet))
        {
            Context.Console.WriteProgress($"attached to {process.Name} (PID {process.Pid}); Ctrl-C leaves it");
        }

        await new AttachedOutput(Context.Console, lease.Client).ShowAsync(process.Pid, cancellationToken);
        return ExitCodes.Success;
    }
}
