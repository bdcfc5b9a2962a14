using System.CommandLine;
using LLMOS.Client;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>kill</c>, <c>suspend</c> and <c>resume</c>: each does one thing to the processes that are named.</summary>
internal sealed class SignalCommand : ShellCommand
{
    private readonly Argument<string[]> _processes = ProcessArgument.CreateMany();
    private readonly Func<LlmosClient, long, Task> _signal;
    private readonly string _done;

    private SignalCommand(string name, string description, string done, Func<LlmosClient, long, Task> signal, ShellContext context)
        : base(name, description, context)
    {
        _done = done;
        _signal = signal;
        Add(_processes);
    }

    public static SignalCommand Kill(ShellContext context) =>
        new("kill", "End processes", "killed", (client, pid) => client.KillAsync(pid), context);

    public static SignalCommand Suspend(ShellContext context) =>
        new("suspend", "Stop processes; resume lets them go on", "suspended", (client, pid) => client.SuspendAsync(pid), context);

    public static SignalCommand Resume(ShellContext context) =>
        new("resume", "Let suspended processes go on", "resumed", (client, pid) => client.ResumeAsync(pid), context);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        foreach (var named in parse.GetRequiredValue(_processes))
        {
            var process = await lease.Client.GetProcessAsync(await lease.Client.ResolveAsync(named));
            await _signal(lease.Client, process.Pid).WaitAsync(cancellationToken);
            if (!parse.GetValue(Context.Global.Quiet))
            {
                Context.Console.WriteProgress($"{_done} {process.Name} (PID {process.Pid})");
            }
        }

        return ExitCodes.Success;
    }
}
