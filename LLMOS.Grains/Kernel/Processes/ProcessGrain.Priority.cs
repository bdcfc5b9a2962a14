using LLMOS.Kernel.Scheduling;
using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Processes;

// How urgent the process is: as it is itself, or as the most urgent of those that wait for it.
public sealed partial class ProcessGrain
{
    // An engine that has nothing of a turn that has begun to think is about to have it.
    private static readonly TimeSpan BetweenTellings = TimeSpan.FromMilliseconds(20);

    private readonly LentPriorities _lent = new();

    // What the engine was told of the turn that thinks; null while none does.
    private ProcessPriority? _toldPriority;
    private bool _isTelling;

    private ProcessPriority EffectivePriority => _lent.Of(Pcb.Priority);

    public Task<WaitReply> ProbeAsync(WaitProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        if (HasEnded)
        {
            return Task.FromResult(new WaitReply(Holds: false, Ended: true, Raised: false));
        }

        var step = probe.Path[^1];
        if (!Holds(step, out var message))
        {
            return Task.FromResult(new WaitReply(Holds: false, Ended: false, Raised: false));
        }

        // The processes of the system work for all, and are no more urgent than those they work for.
        if (step.Pid >= WellKnownPids.FirstFree && step.Kind != WaitKind.Room)
        {
            var before = EffectivePriority;
            _lent.Lend(step.WaitId, step.Lends, message, _clock.Now + ProbeSchedule.Lease);
            _mailbox.Lend(message, _lent.For(message));
            ArmWaiting();
            NoteUrgency(before);
        }

        if (Pcb.State != ProcessState.Suspended)
        {
            Pass(probe);
        }

        return Task.FromResult(new WaitReply(Holds: true, Ended: false, Raised: step.Lends < Pcb.Priority));
    }

    public Task WaitEndedAsync(Guid waitId)
    {
        if (!HasEnded)
        {
            var before = EffectivePriority;
            if (_lent.Return(waitId) is { } message)
            {
                _mailbox.Lend(message, _lent.For(message));
                NoteUrgency(before);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>A message is handled: who waited for that lends nothing any more.</summary>
    private void SettleLoans(Guid message)
    {
        var before = EffectivePriority;
        if (_lent.Settle(message))
        {
            NoteUrgency(before);
        }
    }

    private void ExpireLoans(DateTimeOffset now)
    {
        if (HasEnded || _lent.Count == 0)
        {
            return;
        }

        var before = EffectivePriority;
        foreach (var message in _lent.Expire(now))
        {
            _mailbox.Lend(message, _lent.For(message));
        }

        NoteUrgency(before);
    }

    /// <summary>Tells the engine that thinks for the process, and those that it waits for itself.</summary>
    private void NoteUrgency(ProcessPriority before)
    {
        if (EffectivePriority == before)
        {
            return;
        }

        foreach (var wait in _waits.Waits)
        {
            wait.ProbeBy(_clock.Now);
        }

        ArmWaiting();
        TellEngine();
    }

    private void TellEngine()
    {
        if (!_isTelling && _toldPriority is { } told && told != EffectivePriority)
        {
            _isTelling = true;
            _ = TellEngineAsync();
        }
    }

    private async Task TellEngineAsync()
    {
        try
        {
            RequestContext.Clear();
            while (!HasEnded && _toldPriority is { } told && told != EffectivePriority)
            {
                var priority = EffectivePriority;
                if (!await _programs.Get(Pcb.Program).OnPriorityChangedAsync(Pcb, _turnModel, priority, GrainFactory))
                {
                    await Task.Delay(BetweenTellings, _time);
                }
                else if (_toldPriority is not null)
                {
                    _toldPriority = priority;
                }
            }
        }
        catch (Exception exception)
        {
            LogNotToldPriority(_logger, exception, Pid);
        }
        finally
        {
            _isTelling = false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The engine that thinks for process {Pid} could not be told of its priority; its next turn has it.")]
    private static partial void LogNotToldPriority(ILogger logger, Exception exception, long pid);
}
