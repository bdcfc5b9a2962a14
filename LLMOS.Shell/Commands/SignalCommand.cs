using System.CommandLine;
using LLMOS.Client;
using LLMOS.Kernel.Processes;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>kill</c>, <c>suspend</c> and <c>resume</c>: each does one thing to the processes that are named.</summary>
internal sealed class SignalCommand : ShellCommand
{
    private readonly Argument<string[]> _processes = ProcessArgument.CreateMany();
    private readonly Option<bool> _tree = new("--tree") { Description = "And all that descend from them; without it their children live on as init's" };
    private readonly Func<LlmosClient, long, bool, Task> _signal;
    private readonly string _done;

    private SignalCommand(string name, string description, string done, Func<LlmosClient, long, bool, Task> signal, ShellContext context)
        : base(name, description, context)
    {
        _done = done;
        _signal = signal;
        Add(_processes);
        if (name == "kill")
        {
            Add(_tree);
        }
    }

    public static SignalCommand Kill(ShellContext context) =>
        new("kill", "End processes", "killed", (client, pid, tree) => tree ? client.KillTreeAsync(pid) : client.KillAsync(pid), context);

    public static SignalCommand Suspend(ShellContext context) =>
        new("suspend", "Stop processes; resume lets them go on", "suspended", (client, pid, _) => client.SuspendAsync(pid), context);

    public static SignalCommand Resume(ShellContext context) =>
        new("resume", "Let suspended processes go on", "resumed", (client, pid, _) => client.ResumeAsync(pid), context);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        foreach (var named in parse.GetRequiredValue(_processes))
        {
            var process = await lease.Client.GetProcessAsync(await lease.Client.ResolveAsync(named, Name));
            var tree = parse.CommandResult.Command == this && Options.Contains(_tree) && parse.GetValue(_tree);
            if (process.State == ProcessState.Terminated && Options.Contains(_tree) && !tree)
            {
                if (!parse.GetValue(Context.Global.Quiet))
                {
                    Context.Console.WriteProgress($"{process.Name} (PID {process.Pid}) had ended already");
                }

                continue;
            }

            await _signal(lease.Client, process.Pid, tree).WaitAsync(cancellationToken);
            if (!parse.GetValue(Context.Global.Quiet))
            {
                Context.Console.WriteProgress($"{_done} {process.Name} (PID {process.Pid})");
            }
        }

        return ExitCodes.Success;
    }
}
