using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Resources;

/// <summary>
/// An account. A grant is written before it is given, so that the account knows after any crash who may have spent
/// something it was not told of, and asks. Requests that come while a batch is under way are the next batch: one write
/// and one call to the account above serve all of it.
/// </summary>
public sealed partial class AccountGrain : Grain, IAccountGrain
{
    /// <summary>A process as a holder of its own account.</summary>
    public const string Self = "self";

    private const int ReportAttempts = 5;

    // An account above tells nobody that it has room again; how long a wait for it may be too long.
    private const int ReadingsAtOnce = 64;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenReconciliations = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestReading = TimeSpan.FromSeconds(5);

    private readonly IPersistentState<AccountRecord> _state;
    private readonly TimeProvider _time;
    private readonly ILogger<AccountGrain> _logger;
    private readonly CoalescedWrite _write;
    private readonly OneAtATime _upward = new();
    private readonly Dictionary<string, long> _heard = [];
    private readonly string _key;
    private TokenAccount _account = null!;
    private List<PendingReserve> _waiting = [];
    private TaskCompletionSource _released = NewSignal();
    private Task? _opening;
    private DateTimeOffset _reconciledAt;
    private long _releases;
    private bool _granting;
    private bool _reporting;

    public AccountGrain(
        [PersistentState("account")] IPersistentState<AccountRecord> state, TimeProvider time, ILogger<AccountGrain> logger)
    {
        _state = state;
        _time = time;
        _logger = logger;
        _write = new CoalescedWrite(() => _state.WriteStateAsync());
        _key = this.GetPrimaryKeyString();
    }

    private AccountRecord Record => _state.State;

    private IAccountGrain? Parent => Record.Parent.Length == 0 ? null : GrainFactory.GetGrain<IAccountGrain>(Record.Parent);

    private DateTimeOffset Now => _time.GetUtcNow();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _account = new TokenAccount(_key, Record);
        return Task.CompletedTask;
    }

    public async Task EnrollAsync(string holder, HolderReading reading, long? reserved)
    {
        await OpenAsync();
        await _upward.RunAsync(async () =>
        {
            var before = Record.Holders.GetValueOrDefault(holder);
            try
            {
                _account.Enroll(holder, reading, reserved, Now);
            }
            catch (LlmosException) when (Record.Holders.Keys.Any(other => other != holder))
            {
                // Some of those it counts may have been lost with a crash before they were made.
                await ReconcileAsync(Record.Holders.Keys.Where(other => other != holder));
                _account.Enroll(holder, reading, reserved, Now);
            }

            try
            {
                if (Parent is { } parent)
                {
                    await parent.EnrollAsync(_key, _account.Reading, null);
                }
            }
            catch
            {
                // Who was asked for its reading meanwhile has named the one that is not to be.
                _account.Unenroll(holder, before);
                ReportUpward();
                throw;
            }

            Heard(holder);
        });
        await SaveAsync();
    }

    public async Task<TokenGrant> ReserveAsync(string holder, HolderReading reading, long least, long most, int requests)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(least, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, least);
        await OpenAsync();
        var pending = new PendingReserve(holder, reading, least, most, requests);
        _waiting.Add(pending);
        if (!_granting)
        {
            _granting = true;
            _ = GrantAllAsync();
        }

        var grant = await pending.Answer;
        if (grant.Granted == 0 && (Now - _reconciledAt).Duration() > BetweenReconciliations)
        {
            _reconciledAt = Now;
            await ReconcileAsync(Record.Holders.Where(other => other.Key != holder && other.Value.Reading.Lease > 0).Select(other => other.Key));
        }

        return grant;
    }

    public async Task ReportAsync(string holder, HolderReading reading)
    {
        await OpenAsync();
        Heard(holder);
        if (_account.Observe(holder, reading, Now))
        {
            Released();
            await SaveAsync();
            ReportUpward();
        }
    }

    public async Task ForgetAsync(string holder)
    {
        await OpenAsync();
        if (_account.Forget(holder))
        {
            _heard.Remove(holder);
            await SaveAsync();
        }
    }

    public async Task WaitForRoomAsync(long releases, TimeSpan wait, CancellationToken cancellationToken)
    {
        await OpenAsync();
        if (releases != _releases)
        {
            return;
        }

        try
        {
            await _released.Task.WaitAsync(Parent is not null && wait > LongestWait ? LongestWait : wait, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Who waits asks again.
        }
    }

    public async Task<HolderReading> ReadAsync()
    {
        await OpenAsync();
        return _account.Reading;
    }

    public async Task<AccountStatement> GetStatementAsync()
    {
        await OpenAsync();
        return _account.Statement(Now);
    }

    public async Task<AccountStatement> SetLimitAsync(LimitCaller caller, ResourceLimit limit, double value)
    {
        if (AccountKey.ProcessOf(_key) is { } pid)
        {
            throw LlmosException.InvalidArgument($"The account {_key} is of process {pid}: set the limit of that process.");
        }

        if (limit == ResourceLimit.Messages)
        {
            throw LlmosException.InvalidArgument($"The account {_key} has no mailbox: set the limit 'messages' of a process.");
        }

        if (!caller.Permissions.HasFlag(Permissions.Sudo))
        {
            throw new LlmosException(LlmosErrorCode.PermissionDenied, $"Process {caller.Pid} may not set a limit of the account {_key}: that takes SUDO.");
        }

        await OpenAsync();
        return await SetLimitsAsync(AccountLimitRules.With(Record.Limits, limit, value));
    }

    public async Task<AccountStatement> SetLimitsAsync(AccountLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        await OpenAsync();
        _account.Advance(Now);
        Record.Limits = limits;
        if (limits.TokensPerMinute == 0)
        {
            Record.TokenRate.Clear();
        }

        if (limits.RequestsPerMinute == 0)
        {
            Record.RequestRate.Clear();
        }

        Released();
        await SaveAsync();
        return _account.Statement(Now);
    }

    private async Task OpenAsync()
    {
        var opening = _opening ??= OpenOnceAsync();
        try
        {
            await opening;
        }
        catch
        {
            if (_opening == opening)
            {
                _opening = null;
            }

            throw;
        }
    }

    private async Task OpenOnceAsync()
    {
        if (Record.IsOpen)
        {
            // What it held a lease for may have been spent without its hearing of it.
            await ReconcileAsync(Record.Holders.Where(holder => holder.Value.Reading.Lease > 0).Select(holder => holder.Key));
            ReportUpward();
            return;
        }

        if (AccountKey.ProcessOf(_key) is { } pid)
        {
            var opening = await GrainFactory.GetGrain<IProcessGrain>(pid).OpenAccountAsync();
            Record.Parent = opening.Parent;
            Record.Limits = opening.Limits;
            Record.SliceStartedAt = opening.SliceStartedAt;
            Record.Consumed = opening.Consumed;
            Record.Holders[Self] = new HolderState
            {
                Reading = opening.Reading,
                SliceStartedAt = opening.SliceStartedAt,
                SliceSpent = opening.Consumed,
            };
        }
        else
        {
            AccountKey.Validate(_key);
            Record.Parent = AccountKey.ParentOf(_key);
            Record.SliceStartedAt = Now;
        }

        Record.IsOpen = true;
        await SaveAsync();
    }

    private async Task GrantAllAsync()
    {
        try
        {
            while (_waiting.Count > 0)
            {
                var batch = _waiting;
                _waiting = [];
                try
                {
                    await _upward.RunAsync(() => GrantAsync(batch));
                    await SaveAsync();
                    batch.ForEach(pending => pending.Complete());
                }
                catch (Exception exception)
                {
                    batch.ForEach(pending => pending.Fail(exception));
                }
            }
        }
        finally
        {
            _granting = false;
        }
    }

    private async Task GrantAsync(List<PendingReserve> requests)
    {
        requests.ForEach(request => Heard(request.Holder));
        var batch = new ReserveBatch(_account, requests);
        batch.Offer(Now);
        if (Parent is { } parent && batch.Upward(_key) is { } upward)
        {
            TokenGrant above;
            try
            {
                above = await parent.ReserveAsync(_key, upward.Reading, upward.Least, upward.Most, upward.Requests);
            }
            catch
            {
                batch.Revoke();
                throw;
            }

            if (batch.Settle(above, Record.Parent, Now))
            {
                ReportUpward();
            }
        }

        requests.ForEach(request => request.Grant = request.Grant with { Releases = _releases });
    }

    /// <summary>Asks holders what they have spent and hold, several at once. One that does not answer in time keeps its lease.</summary>
    private async Task ReconcileAsync(IEnumerable<string> holders)
    {
        var changed = false;
        foreach (var some in holders.ToArray().Chunk(ReadingsAtOnce))
        {
            var changes = await Task.WhenAll(some.Select(ReconcileAsync));
            changed |= changes.Contains(true);
        }

        if (changed)
        {
            Released();
            await SaveAsync();
        }
    }

    private async Task<bool> ReconcileAsync(string holder)
    {
        var heard = _heard.GetValueOrDefault(holder);
        try
        {
            // Whoever is out of reach, as after a silo's death, must not keep all that wait for this account waiting as long as a call may take.
            var reading = await ReadHolderAsync(holder).WaitAsync(LongestReading);
            return _heard.GetValueOrDefault(holder) == heard && _account.Observe(holder, reading, Now);
        }
        catch (LlmosException missing) when (missing.Code == LlmosErrorCode.NotFound)
        {
            // It was enrolled and its silo went down before it was made, so that it has spent nothing.
            return _account.Forget(holder);
        }
        catch (Exception exception)
        {
            LogNoReading(_logger, exception, _key, holder);
            return false;
        }
    }

    private async Task<HolderReading> ReadHolderAsync(string holder)
    {
        if (AccountKey.ProcessOf(holder == Self ? _key : holder) is { } pid)
        {
            var meter = await GrainFactory.GetGrain<IProcessGrain>(pid).ReadMeterAsync();
            if (holder == Self || !meter.HasAccount)
            {
                // A process that is asking may have been granted what it does not know of yet: that stays held.
                return meter.IsAsking && Record.Holders.TryGetValue(holder, out var known)
                    ? meter.Reading with { Lease = known.Reading.Lease }
                    : meter.Reading;
            }
        }

        return await GrainFactory.GetGrain<IAccountGrain>(holder).ReadAsync();
    }

    private void ReportUpward()
    {
        if (Parent is not null && !_reporting)
        {
            _reporting = true;
            _ = ReportUpwardAsync();
        }
    }

    // A report that never arrives is made good by the next one, or by the account above asking for its lease.
    private async Task ReportUpwardAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _upward.RunAsync(() =>
                {
                    _reporting = false;
                    return Parent!.ReportAsync(_key, _account.Reading);
                });
                return;
            }
            catch (Exception exception)
            {
                LogNotReported(_logger, exception, _key, Record.Parent);
                if (_reporting || attempt == ReportAttempts)
                {
                    return;
                }

                _reporting = true;
                await Task.Delay(BetweenReports, _time);
            }
        }
    }

    private void Heard(string holder) => _heard[holder] = _heard.GetValueOrDefault(holder) + 1;

    private void Released()
    {
        _releases++;
        var released = _released;
        _released = NewSignal();
        released.TrySetResult();
    }

    private async Task SaveAsync()
    {
        try
        {
            await _write.SaveAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: {Holder} did not say what it has spent; its lease stays.")]
    private static partial void LogNoReading(ILogger logger, Exception exception, string account, string holder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: what was spent could not be reported to {Parent} now.")]
    private static partial void LogNotReported(ILogger logger, Exception exception, string account, string parent);
}
