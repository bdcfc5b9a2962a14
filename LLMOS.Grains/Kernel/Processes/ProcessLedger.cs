using LLMOS.Kernel.Resources;

namespace LLMOS.Kernel.Processes;

/// <summary>
/// A process's end of the ledger: it takes leases before the process thinks and says what the meter reads when a turn is
/// committed. A process without an account does neither. What it says is said one at a time, so that an older word
/// cannot arrive after a newer one.
/// </summary>
internal sealed class ProcessLedger(long pid, IGrainFactory grains, TimeProvider time, Func<ProcessRecord> record)
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);

    private readonly OneAtATime _calls = new();
    private long _lease;
    private long _leasedAt;
    private long _stored;

    /// <summary>The account the process spends from; empty for none.</summary>
    public string Account => record().HasAccount ? AccountKey.OfProcess(pid) : OuterAccount;

    /// <summary>The account outside of the process: its group's or user's, or its parent's.</summary>
    public string OuterAccount => record().Pcb!.Account;

    /// <summary>The meter as it is stored. What was spent of the lease since it was granted is on the meter, and held no more.</summary>
    public HolderReading Reading
    {
        get
        {
            var ended = record().Pcb!.State == ProcessState.Terminated;
            return new HolderReading(
                _stored, Math.Max(0, _lease - (_stored - _leasedAt)), ended ? 0 : 1, ended ? 0 : record().Pcb!.Context.CurrentLength, ended ? 0 : record().Spec!.GpuUnits);
        }
    }

    /// <summary>What the meter read when the account was told last; -1 before that.</summary>
    public long Reported { get; private set; } = -1;

    /// <summary>Whether a grant may be on its way.</summary>
    public bool IsAsking { get; private set; }

    private string Name => record().HasAccount ? AccountGrain.Self : AccountKey.OfProcess(pid);

    /// <summary>Says that the store has the meter so.</summary>
    public void Stored(long meter) => _stored = meter;

    /// <summary>The account that a new process spends from.</summary>
    public static string AccountOf(ProcessSpec spec) =>
        spec.Account.Length > 0 ? spec.Account
        : spec.ParentPid >= WellKnownPids.FirstFree ? AccountKey.OfProcess(spec.ParentPid)
        : "";

    /// <summary>Enters a new process with its account, within the quotas.</summary>
    public static Task EnrollAsync(long pid, ProcessSpec spec, IGrainFactory grains) => AccountOf(spec) is { Length: > 0 } account
        ? grains.GetGrain<IAccountGrain>(account).EnrollAsync(
            AccountKey.OfProcess(pid), new HolderReading(0, 0, 1, 0, spec.GpuUnits), spec.ReservedTokens > 0 ? spec.ReservedTokens : null)
        : Task.CompletedTask;

    /// <summary>Asks for tokens for a turn; what a former turn held is given back with it.</summary>
    public Task<TokenGrant> ReserveAsync(long least, long most) => _calls.RunAsync(async () =>
    {
        _lease = 0;
        IsAsking = true;
        try
        {
            var grant = await grains.GetGrain<IAccountGrain>(Account).ReserveAsync(Name, Reading, least, most, 1);
            (_lease, _leasedAt) = (grant.Granted, _stored);
            return grant;
        }
        finally
        {
            IsAsking = false;
        }
    });

    /// <summary>Runs what changes the account that the process spends from, when no grant is on its way from the one it had.</summary>
    public Task BetweenCallsAsync(Func<Task> work) => _calls.RunAsync(work);

    /// <summary>Waits until asking again may succeed.</summary>
    public Task WaitAsync(TokenGrant refusal, CancellationToken cancellationToken)
    {
        var wait = refusal.RetryAt - time.GetUtcNow();
        return grains.GetGrain<IAccountGrain>(Account).WaitForRoomAsync(
            refusal.Releases, wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestCall ? LongestCall : wait, cancellationToken);
    }

    /// <summary>Gives the lease back and says what the meter reads. A word that does not arrive is said again after the next turn.</summary>
    public Task ReportAsync() => _calls.RunAsync(async () =>
    {
        var held = _lease > 0;
        _lease = 0;
        if (Account.Length > 0 && (held || Reported != _stored || record().Pcb!.State == ProcessState.Terminated))
        {
            var reading = Reading;
            await grains.GetGrain<IAccountGrain>(Account).ReportAsync(Name, reading);
            Reported = reading.Tokens;
        }
    });

    /// <summary>Lets the account forget the process, which has ended and said its last word.</summary>
    public Task ForgetAsync() => record().HasAccount
        ? Task.CompletedTask
        : _calls.RunAsync(() => grains.GetGrain<IAccountGrain>(Account).ForgetAsync(Name));
}
