using Orleans.Runtime.Placement;

namespace LLMOS.Kernel.Processes;

// Leaving a silo that drains. What is stored, and what the log has, is all that the next activation needs.
public sealed partial class ProcessGrain
{
    // A turn that is told to stop ends within two steps of its engine.
    private static readonly TimeSpan WaitForUndo = TimeSpan.FromSeconds(10);

    // From here on no turn begins.
    private bool _isLeaving;

    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task LeaveAsync(TimeSpan grace, SiloAddress? target)
    {
        if (!_processes.IsDraining || _abandoned)
        {
            return;
        }

        _isLeaving = true;
        _woken?.TrySetResult();

        // What waits, for its budget or for a restart, waits as well elsewhere.
        if (!await PumpEndsAsync(Record.Pcb is { State: ProcessState.Running or ProcessState.Thinking } ? grace : TimeSpan.Zero))
        {
            _turn?.Cancel();
            await PumpEndsAsync(WaitForUndo);
        }

        if (IsFleeting && !HasEnded)
        {
            // There is nothing that another activation could go on with.
            _outputs.Close(Moved());
            await KillAsync(ExitReason.Killed("its silo went down"));
        }

        if (target is null)
        {
            return;
        }

        // Those who wait here ask again, where the process is then.
        _left.TrySetResult();
        if (HasEnded)
        {
            DeactivateOnIdle();
            return;
        }

        _outputs.Close(Moved());
        RequestContext.Set(IPlacementDirector.PlacementHintKey, target);
        this.MigrateOnIdle();
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _processes.Leave(Pid, this);
        _left.TrySetResult();
        if (!HasEnded)
        {
            _outputs.Close(Moved());
        }

        // The next activation is given the state that this one has, so a write on its way has to have arrived.
        await _write.IdleAsync();
    }

    private SiloUnavailableException Moved() => new($"Process {Pid} leaves this silo: ask again.");

    /// <returns>Whether no turn runs any more.</returns>
    private async Task<bool> PumpEndsAsync(TimeSpan wait)
    {
        try
        {
            await _pump.Task.WaitAsync(wait, _time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
