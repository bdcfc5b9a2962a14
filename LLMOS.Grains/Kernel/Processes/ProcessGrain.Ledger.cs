using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Telemetry;
using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Processes;

// The ledger: leases and charges in the accounts the process spends from, and who may set its limits.
public sealed partial class ProcessGrain
{
    // Deeper than any tree of processes is meant to be; it bounds the walk to the root.
    private const int MaxAncestors = 64;

    private ProcessLedger? _ledgerOfProcess;

    /// <summary>The budget of the slice of this moment, and when that slice began.</summary>
    private (TokenBudget Budget, DateTimeOffset SliceStart) SliceNow
    {
        get
        {
            var now = _time.GetUtcNow();
            return BudgetSlice.At(Pcb.Budget, BudgetSlice.NotAhead(Record.SliceStartedAt, now), Spec.BudgetSlice, now);
        }
    }

    private ProcessLedger Ledger => _ledgerOfProcess ??= new ProcessLedger(Pid, GrainFactory, _time, () => Record);

    public Task<ProcessMeter> ReadMeterAsync()
    {
        _ = Pcb;
        return Task.FromResult(new ProcessMeter(Ledger.Reading, Record.HasAccount, Ledger.IsAsking));
    }

    public async Task<AccountOpening> OpenAccountAsync()
    {
        EnsureStored("have an account of its own");
        await Ledger.BetweenCallsAsync(async () =>
        {
            if (!Record.HasAccount)
            {
                Record.HasAccount = true;
                await SaveAsync();
            }
        });

        var (budget, start) = SliceNow;
        return new AccountOpening(
            Ledger.OuterAccount,
            new AccountLimits { Tokens = Pcb.Budget.Allocated, Slice = Spec.BudgetSlice, HardCap = Spec.HardCap },
            start,
            budget.Consumed,
            Ledger.Reading);
    }

    public async Task<AccountStatement> GetLimitsAsync()
    {
        await RecallAsync();
        if (Record.HasAccount)
        {
            return WithMailbox(await OwnAccount.GetStatementAsync());
        }

        var process = Snapshot();
        var (_, start) = SliceNow;
        var reading = Ledger.Reading;
        return WithMailbox(new AccountStatement
        {
            Account = AccountKey.OfProcess(Pid),
            Parent = Ledger.OuterAccount,
            Limits = new AccountLimits { Tokens = process.Budget.Allocated, Slice = Spec.BudgetSlice, HardCap = Spec.HardCap },
            Budget = process.Budget,
            Leased = reading.Lease,
            TotalTokens = reading.Tokens,
            Processes = reading.Processes,
            ContextTokens = reading.ContextTokens,
            GpuUnits = reading.GpuUnits,
            NextSliceAt = start + Spec.BudgetSlice,
        });
    }

    // The mailbox is the process's own: its bound stands here and not in an account.
    private AccountStatement WithMailbox(AccountStatement statement) =>
        statement with { Limits = statement.Limits with { Messages = Spec.MaxMessages }, Messages = _mailbox.Count };

    public Task<AccountStatement> SetLimitAsync(ResourceLimit limit, double value) => _limits.RunAsync(async () =>
    {
        var (before, after) = await LimitsWithAsync(limit, value);
        EnsureMayRaise(AccountLimitRules.Raises(before, after), $"raise the limit '{limit.ToString().ToLowerInvariant()}' of process {Pid} ({Pcb.Name})");
        return await ApplyAsync(limit, after);
    });

    public Task<AccountStatement> SetLimitAsync(ResourceLimit limit, double value, LimitCaller caller) => _limits.RunAsync(async () =>
    {
        var (before, after) = await LimitsWithAsync(limit, value);
        LimitAuthority.Ensure(
            caller, Pid, await AncestorsAsync(), AccountLimitRules.Raises(before, after), $"the limit '{limit.ToString().ToLowerInvariant()}'");
        return await ApplyAsync(limit, after);
    });

    private async Task<(AccountLimits Before, AccountLimits After)> LimitsWithAsync(ResourceLimit limit, double value)
    {
        EnsureAlive();
        var before = (await GetLimitsAsync()).Limits;
        var after = AccountLimitRules.With(before, limit, value);
        return after.Tokens > 0
            ? (before, after)
            : throw LlmosException.InvalidArgument($"Process {Pid} ({Pcb.Name}) cannot have a budget of 0 tokens: give it at least 1.", "value");
    }

    private async Task<AccountStatement> ApplyAsync(ResourceLimit limit, AccountLimits limits)
    {
        EnsureAlive();
        Record.Spec = Spec with { Budget = limits.Tokens, BudgetSlice = limits.Slice, HardCap = limits.HardCap, MaxMessages = (int)limits.Messages };
        Record.Pcb = Pcb with { Budget = Pcb.Budget with { Allocated = limits.Tokens } };
        await SaveAsync();
        _bound.Limit(Spec.MaxMessages);
        SignalRoom();

        // Rates and quotas are kept by an account; a budget and a mailbox alone need none.
        return Record.HasAccount || limit is > ResourceLimit.HardCap and not ResourceLimit.Messages
            ? WithMailbox(await OwnAccount.SetLimitsAsync(limits))
            : await GetLimitsAsync();
    }

    public async Task SetPriorityAsync(ProcessPriority priority, LimitCaller caller)
    {
        EnsureAlive();
        LimitAuthority.Ensure(caller, Pid, await AncestorsAsync(), priority < Pcb.Priority, "the priority");
        await SetPriorityAsync(priority);
    }

    private readonly OneAtATime _limits = new();

    private IAccountGrain OwnAccount => GrainFactory.GetGrain<IAccountGrain>(AccountKey.OfProcess(Pid));

    private async Task<List<long>> AncestorsAsync()
    {
        var ancestors = new List<long>();
        for (var pid = Pcb.ParentPid; pid != Pid && !ancestors.Contains(pid) && ancestors.Count < MaxAncestors;)
        {
            ancestors.Add(pid);
            if (pid < WellKnownPids.FirstFree)
            {
                break;
            }

            pid = (await GrainFactory.GetGrain<IProcessGrain>(pid).GetAsync()).ParentPid;
        }

        return ancestors;
    }

    /// <summary>Takes a lease from the accounts above the process's own slice, and waits for it where they make it wait.</summary>
    /// <returns>Tokens that the turn may use.</returns>
    private async Task<long> AwaitLeaseAsync(VmpMessage message, long needed, long left, CancellationToken cancellationToken)
    {
        if (Spec.MaxTokens > 0)
        {
            var rest = Spec.MaxTokens - Record.Meter - _lostTokens;
            if (rest < needed)
            {
                KernelMetrics.RefusedBudget(BudgetLimit.Lifetime);
                throw new ProcessLimitException(ExitReason.LimitReached(
                    $"{Math.Max(0, rest)} of the {Spec.MaxTokens} tokens of its life are left, and its next turn needs {needed}"));
            }

            left = Math.Min(left, rest);
        }

        if (Ledger.Account.Length == 0)
        {
            return left;
        }

        var told = false;
        while (true)
        {
            var grant = await Ledger.ReserveAsync(needed, Math.Min(left, needed + Spec.MaxTokensPerTurn));
            cancellationToken.ThrowIfCancellationRequested();
            if (grant.Granted > 0)
            {
                SetState(ProcessState.Running);
                return grant.Granted;
            }

            if (grant.IsNever || grant.IsHardCap)
            {
                KernelMetrics.RefusedBudget(BudgetLimit.Account);
            }

            if (grant.IsNever)
            {
                throw new LlmosException(LlmosErrorCode.ResourceExhausted, grant.Reason);
            }

            if (grant.IsHardCap)
            {
                throw new ProcessLimitException(ExitReason.LimitReached(grant.Reason));
            }

            SetState(ProcessState.Blocked, BlockReason.Budget);
            if (!told)
            {
                _outputs.Add(ProcessOutputKind.StateChanged, message.MessageId, grant.Reason);
                KernelMetrics.WaitedForBudget();
                told = true;
            }

            await Ledger.WaitAsync(grant, cancellationToken);
        }
    }

    /// <summary>Tells the account what the meter reads, without waiting for it: the lease it holds makes it ask if it hears nothing.</summary>
    private void ReportSpending()
    {
        if (Ledger.Account.Length > 0 && !Record.LedgerClosed)
        {
            _ = ReportSpendingAsync();
        }
    }

    private async Task ReportSpendingAsync()
    {
        try
        {
            await Ledger.ReportAsync();

            // A word that was on its way while the process ended is not the last one: what the end charged comes with its commit.
            if (Pcb.State != ProcessState.Terminated || Ledger.Reported != Record.Meter || Record.LedgerClosed || Record.HasAccount)
            {
                return;
            }

            // First this is stored, then the account forgets: a reading said to one that forgot would be charged again.
            Record.LedgerClosed = true;
            await SaveAsync();
            await Ledger.ForgetAsync();
        }
        catch (Exception exception)
        {
            LogNotReported(_logger, exception, Pid, Ledger.Account);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Pid}: what it spent could not be reported to the account {Account} now.")]
    private static partial void LogNotReported(ILogger logger, Exception exception, long pid, string account);
}
