using System.CommandLine;
using LLMOS.Kernel.Scheduling;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>setpriority</c>: gives a process a priority.</summary>
internal sealed class SetPriorityCommand : ShellCommand
{
    private readonly Argument<string> _process = ProcessArgument.Create();
    private readonly Argument<ProcessPriority> _priority = PriorityArgument.Create();

    public SetPriorityCommand(ShellContext context)
        : base("setpriority", "Give a process a priority", context)
    {
        Add(_process);
        Add(_priority);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var pid = await lease.Client.ResolveAsync(parse.GetRequiredValue(_process), "setpriority");
        await lease.Client.SetPriorityAsync(pid, parse.GetRequiredValue(_priority)).WaitAsync(cancellationToken);
        return ExitCodes.Success;
    }
}
