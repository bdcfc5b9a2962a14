using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Scheduling;
using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Processes;

// Dependencies: a process handles nothing before those it waits for have ended.
public sealed partial class ProcessGrain
{
    // Who ends tells those that wait for it. Asking is for what a crash kept from being told.
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(30);

    private IGrainTimer? _asking;

    private bool IsGated => Record.WaitsFor.Count > 0;

    // What a process that does nothing waits for.
    private BlockReason IdleReason =>
        IsGated ? BlockReason.Dependency : Record.Pcb?.RestartsAt is not null ? BlockReason.Restart : BlockReason.Receive;

    public async Task<ProcessControlBlock> AddDependentAsync(long pid)
    {
        if (Pcb.State != ProcessState.Terminated && Record.Dependents.Add(pid))
        {
            await SaveAsync();
        }

        return Snapshot();
    }

    public async Task DependencyEndedAsync(long pid, ExitReason exit)
    {
        ArgumentNullException.ThrowIfNull(exit);
        if (HasEnded || !Record.WaitsFor.Contains(pid))
        {
            return;
        }

        switch (DependencyRule.Of(Spec.AfterPolicy, exit))
        {
            case DependencyOutcome.Satisfied:
                await StopWaitingForAsync([pid]);
                break;
            case DependencyOutcome.Held when Record.HeldBy.Add(pid):
                _outputs.Add(ProcessOutputKind.StateChanged, Guid.Empty, $"{Failure(pid, exit)}; it waits to be resumed");
                await SaveAsync();
                break;
            case DependencyOutcome.Failed:
                var dropped = End(ExitReason.Faulted(Failure(pid, exit)));
                await SaveAsync();
                await AfterEndAsync(dropped);
                Wake();
                break;
        }
    }

    private static string Failure(long pid, ExitReason exit) =>
        $"process {pid}, which it waits for, ended with code {exit.Code}: {exit.Text}";

    private async Task StopWaitingForAsync(IEnumerable<long> pids)
    {
        Record.WaitsFor.RemoveAll(pids.Contains);
        Record.HeldBy.ExceptWith(pids);
        foreach (var pid in pids)
        {
            EndWait(DependencyWait(pid));
        }

        if (!IsGated)
        {
            _asking?.Dispose();
            _asking = null;
            if (Pcb is { State: ProcessState.Blocked, BlockedOn: BlockReason.Dependency })
            {
                Record.Pcb = Pcb with { BlockedOn = BlockReason.Receive };
                _outputs.Add(ProcessOutputKind.StateChanged, Guid.Empty, "what it waited for has ended");
            }
        }

        await SaveAsync();
        Wake();
    }

    /// <summary>Makes itself known to those it waits for, again and again until they have all ended.</summary>
    private void WatchDependencies()
    {
        if (IsGated && !HasEnded && _asking is null && _options.DeliverMessages)
        {
            foreach (var pid in Record.WaitsFor)
            {
                BeginWait(DependencyWait(pid), WaitKind.Dependency, pid);
            }

            _asking = this.RegisterGrainTimer(AskDependenciesAsync, new GrainTimerCreationOptions(TimeSpan.Zero, BetweenQuestions) { Interleave = true });
        }
    }

    private Guid DependencyWait(long pid) => MessageIds.OfName(string.Create(CultureInfo.InvariantCulture, $"process/{Pid}/after/{pid}"));

    private async Task AskDependenciesAsync()
    {
        foreach (var pid in Record.WaitsFor.ToArray())
        {
            try
            {
                var other = await GrainFactory.GetGrain<IProcessGrain>(pid).AddDependentAsync(Pid);
                if (other.Exit is { } exit && other.State == ProcessState.Terminated)
                {
                    await DependencyEndedAsync(pid, exit);
                }
            }
            catch (Exception exception)
            {
                LogNoAnswer(_logger, exception, Pid, pid);
            }
        }
    }

    /// <summary>Tells those that wait for this process that it has ended. Telling one twice changes nothing.</summary>
    private async Task TellDependentsAsync()
    {
        foreach (var pid in Record.Dependents)
        {
            try
            {
                await GrainFactory.GetGrain<IProcessGrain>(pid).DependencyEndedAsync(Pid, Pcb.Exit!);
            }
            catch (Exception exception)
            {
                // It asks by itself.
                LogNotTold(_logger, exception, Pid, pid);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Pid} waits for {Other}, which did not answer; it is asked again.")]
    private static partial void LogNoAnswer(ILogger logger, Exception exception, long pid, long other);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Pid} has ended and could not tell {Other}, which waits for it.")]
    private static partial void LogNotTold(ILogger logger, Exception exception, long pid, long other);
}
