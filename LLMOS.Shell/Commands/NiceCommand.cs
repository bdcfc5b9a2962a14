using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>nice</c>: moves a process's priority; writes the one it has then.</summary>
internal sealed class NiceCommand : ShellCommand
{
    private readonly Argument<string> _process = ProcessArgument.Create();
    private readonly Argument<int> _delta = new("DELTA") { Description = "What is added to its priority: more is nicer to others, less is more urgent" };

    public NiceCommand(ShellContext context)
        : base("nice", "Move a process's priority by a number; writes the one it has then", context)
    {
        Add(_process);
        Add(_delta);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var pid = await lease.Client.ResolveAsync(parse.GetRequiredValue(_process), "nice").WaitAsync(cancellationToken);
        var priority = await lease.Client.NiceAsync(pid, parse.GetValue(_delta)).WaitAsync(cancellationToken);
        await Context.Console.Out.WriteLineAsync(Figures.Count(priority.Value));
        return ExitCodes.Success;
    }
}
