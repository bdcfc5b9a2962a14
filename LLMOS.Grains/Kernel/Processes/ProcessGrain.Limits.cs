using System.Runtime.CompilerServices;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Processes;

// What the process may do and is confined to: permissions, and the hard caps of its sandbox.
public sealed partial class ProcessGrain
{
    // Without these a turn can neither read its context nor keep what it says.
    private const Permissions NeededInTurn = Permissions.ReadContext | Permissions.WriteContext;

    private IGrainTimer? _confinement;

    private SandboxProfile? Sandbox => Pcb.Sandbox;

    /// <summary>Tokens that its sandbox leaves it; <see cref="long.MaxValue"/> without a limit.</summary>
    private long TokensToLive => Sandbox?.MaxTokens is { } most ? Math.Max(0, most - Record.Meter) : long.MaxValue;

    private TimeSpan? TimeToLive => Sandbox?.MaxLifetime is { } longest ? longest - Age : null;

    string? IGuardedGrain.WhyNot(Caller caller, bool write) => Record.Pcb is not { } process || caller.Owns(process)
        ? null
        : $"process {Pid} ({process.Name}) is another's";

    public async Task<Permissions> RevokeAsync(Permissions permissions)
    {
        EnsureNotOfTheSystem("restricted");
        var lost = Pcb.Permissions & permissions;
        if (lost != Permissions.None)
        {
            // At once, and in the store after that: what runs now is what the revocation is for.
            _revocations.Revoke(Pid, lost);
            Record.Pcb = Pcb with { Permissions = Pcb.Permissions & ~lost };
            if ((lost & NeededInTurn) != Permissions.None && !HasEnded)
            {
                _outputs.Add(ProcessOutputKind.StateChanged, Guid.Empty, $"lost {PermissionNames.Of(lost)}");
                _turn?.Cancel();
            }

            await SaveAsync();
        }

        await Task.WhenAll(Pcb.ChildPids.Select(child => GrainFactory.GetGrain<IProcessGrain>(child).RevokeAsync(permissions)));
        return Pcb.Permissions;
    }

    /// <summary>What this process shows, to another process for as long as that one may read.</summary>
    private async IAsyncEnumerable<ProcessOutput> WatchWhileAllowedAsync(
        long reader, long fromOffset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var revoked = _revocations.Reading(reader);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, revoked);
        await using var outputs = _outputs.ReadAsync(fromOffset, either.Token).GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            try
            {
                if (!await outputs.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (OperationCanceledException) when (revoked.IsCancellationRequested)
            {
                throw LlmosException.Denied($"process {reader} may not watch process {Pid} ({Pcb.Name}) any more: READ_CONTEXT was revoked from it.");
            }

            if (revoked.IsCancellationRequested)
            {
                throw LlmosException.Denied($"process {reader} may not watch process {Pid} ({Pcb.Name}) any more: READ_CONTEXT was revoked from it.");
            }

            yield return outputs.Current;
        }
    }

    private static void EnsureMayRaise(bool raises, string what)
    {
        if (raises && CallerContext.Behalf is { } caller && !caller.Has(Privileges.ManageProcesses))
        {
            throw LlmosException.Denied($"{caller} may not {what}: only an operator may; lowering is open to the owner.");
        }
    }

    /// <summary>Fires when the turn, or the life of the process, has taken as long as its sandbox allows.</summary>
    private CancellationTokenSource TurnClock()
    {
        var limit = Sandbox?.MaxTurnTime;
        if (TimeToLive is { } left && !(limit <= left))
        {
            limit = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        return limit is { } longest ? new CancellationTokenSource(longest < LongestTimer ? longest : LongestTimer, _time) : new CancellationTokenSource();
    }

    private async Task EndIfOvertimeAsync(bool overtime)
    {
        if (overtime && !HasEnded && Pcb.State != ProcessState.Suspended)
        {
            await EndByLimitAsync(TimeToLive <= TimeSpan.Zero
                ? $"it has lived for the {Sandbox!.MaxLifetime} that its sandbox allows"
                : $"a turn took longer than the {Sandbox!.MaxTurnTime} that its sandbox allows");
        }
    }

    private async Task EndByLimitAsync(string reason)
    {
        var dropped = End(ExitReason.LimitReached(reason));
        await SaveAsync();
        await AfterEndAsync(dropped);
    }

    private TurnOutcome EndAtTokenCap(TurnOutcome outcome) => outcome.Exit is null && TokensToLive == 0
        ? outcome with { Exit = ExitReason.LimitReached($"it has used {Record.Meter} tokens, and its sandbox allows {Sandbox!.MaxTokens}") }
        : outcome;

    /// <summary>Ends an idle process when its time is up. One that is not in memory ends when it is activated.</summary>
    private void ArmLifetime()
    {
        if (HasEnded || TimeToLive is not { } left)
        {
            return;
        }

        _confinement?.Dispose();
        var due = left <= TimeSpan.Zero ? TimeSpan.Zero : left < LongestTimer ? left : LongestTimer;
        _confinement = this.RegisterGrainTimer(
            async _ =>
            {
                if (!HasEnded && TimeToLive <= TimeSpan.Zero)
                {
                    _turn?.Cancel();
                    await EndByLimitAsync($"it has lived for the {Sandbox!.MaxLifetime} that its sandbox allows");
                    Wake();
                }
            },
            new GrainTimerCreationOptions(due, due > TimeSpan.FromSeconds(1) ? due : TimeSpan.FromSeconds(1)) { Interleave = true });
    }
}
