using System.CommandLine;
using LLMOS.Kernel.Processes;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>wait</c>: waits for the end of a process; writes why it ended and leaves with its code.</summary>
internal sealed class WaitCommand : ShellCommand
{
    private readonly Argument<string> _process = ProcessArgument.Create();

    public WaitCommand(ShellContext context)
        : base("wait", "Wait for the end of a process; writes why it ended and leaves with its code", context)
    {
        Add(_process);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions(), cancellationToken);
        var pid = await lease.Client.ResolveAsync(parse.GetRequiredValue(_process), "wait");
        var ended = await lease.Client.WaitAsync(pid, cancellationToken: cancellationToken);
        var exit = ended.Exit ?? ExitReason.Done();
        await Context.Console.Out.WriteLineAsync($"{ended.Name} ({Figures.Count(pid)}) ended with code {exit.Code}: {exit.Text}");
        if (ended.Leaked.Length > 0)
        {
            Context.Console.WriteProgress($"It allocated and did not free {string.Join(", ", ended.Leaked)}: llmos call free region=PATH frees one.");
        }

        return exit.Code;
    }
}
