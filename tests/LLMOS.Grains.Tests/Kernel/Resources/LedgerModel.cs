using LLMOS.Kernel.Resources;

namespace LLMOS.Tests.Kernel.Resources;

/// <summary>
/// The ledger as grains run it, in memory: accounts and processes whose stored state is apart from what they know, calls
/// that a crash cuts short at any point, and beside them the plain sums that all of it must come to.
/// </summary>
internal sealed class LedgerModel
{
    private readonly List<Account> _accounts = [];
    private readonly List<Process> _processes = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many more steps of calls happen before the power fails; negative for never.</summary>
    private int _stepsLeft = -1;

    public LedgerModel(IReadOnlyList<long> limits, IReadOnlyList<int> accountOf)
    {
        for (var i = 0; i < limits.Count; i++)
        {
            var record = new AccountRecord
            {
                IsOpen = true,
                Parent = i == 0 ? "" : _accounts[(i - 1) / 2].Name,
                Limits = new AccountLimits { Tokens = limits[i], Slice = TimeSpan.FromSeconds(7 + i) },
                SliceStartedAt = _now,
            };
            _accounts.Add(new Account($"{i}", i == 0 ? null : _accounts[(i - 1) / 2], record));
        }

        _processes.AddRange(accountOf.Select((account, i) => new Process($"proc/{i}", _accounts[account % _accounts.Count])));
    }

    public void Do(int operation, int who, int amount, int crashAfter)
    {
        _stepsLeft = crashAfter;
        var process = _processes[who % _processes.Count];
        var account = _accounts[who % _accounts.Count];
        try
        {
            switch (operation)
            {
                case 0 or 1 or 2:
                    Think(process, least: 1 + amount % 20, most: 1 + amount % 20 + amount % 70);
                    break;
                case 3 or 4:
                    Commit(process, amount);
                    break;
                case 5:
                    Report(process);
                    break;
                case 6:
                    ReportUpward(account);
                    break;
                case 7:
                    _now += TimeSpan.FromSeconds(amount % 12);
                    break;
                case 8:
                    account.Crash();
                    Reopen(account);
                    break;
                case 9:
                    process.Crash();
                    break;
                case 10:
                    Reconcile(account);
                    break;
                default:
                    throw new PowerFailure();
            }
        }
        catch (PowerFailure)
        {
            _stepsLeft = -1;
            // All fail at once, or some silos of several.
            bool Fails(int i) => amount % 2 == 0 || (who >> (i % 5)) % 2 == 1;
            var failed = _accounts.Where((_, i) => Fails(i)).ToList();
            failed.ForEach(lost => lost.Crash());
            _processes.Where((_, i) => Fails(i)).ToList().ForEach(lost => lost.Crash());
            failed.ForEach(Reopen);
        }

        _stepsLeft = -1;
        HoldLimits();
    }

    /// <summary>After every word has arrived each account has exactly what those below it spent, and holds nothing.</summary>
    public void Settle()
    {
        foreach (var process in _processes)
        {
            process.Lease = 0;
            Report(process);
        }

        foreach (var account in Enumerable.Reverse(_accounts))
        {
            Reconcile(account);
            ReportUpward(account);
        }

        foreach (var account in _accounts)
        {
            var spent = _processes.Where(process => process.Account.IsWithin(account)).Sum(process => process.StoredMeter);
            Assert.Equal(spent, account.Live.Total);
            Assert.Equal(spent, new TokenAccount(account.Name, account.Stored).Total);
            Assert.Equal(0, account.Live.Leased);
        }
    }

    private void HoldLimits()
    {
        foreach (var account in _accounts)
        {
            var statement = account.Live.Statement(_now);
            if (statement.Limits.Tokens > 0)
            {
                var held = _processes.Where(process => process.Account.IsWithin(account)).Sum(process => process.Lease);
                Assert.True(statement.Budget.Consumed <= statement.Limits.Tokens, $"{account.Name} allows {statement.Limits.Tokens} and {statement.Budget.Consumed} are spent");
                Assert.True(held <= statement.Limits.Tokens, $"{account.Name} allows {statement.Limits.Tokens} and {held} are held");
                Assert.True(held <= account.Live.Leased, $"{held} are held below {account.Name}, which knows of {account.Live.Leased}");
            }
        }
    }

    private void Think(Process process, long least, long most)
    {
        process.Lease = 0;
        process.Lease = Reserve(process.Account, new PendingReserve(process.Name, process.Reading, least, most, 1)).Granted;
    }

    private TokenGrant Reserve(Account account, PendingReserve request)
    {
        Step();
        var batch = new ReserveBatch(account.Live, [request]);
        batch.Offer(_now);
        var surplus = false;
        if (account.Parent is { } parent && batch.Upward(account.Name) is { } upward)
        {
            try
            {
                surplus = batch.Settle(Reserve(parent, upward), parent.Name, _now);
            }
            catch (PowerFailure)
            {
                batch.Revoke();
                throw;
            }

            Step();
        }

        account.Save();
        Step();
        if (surplus)
        {
            ReportUpward(account);
        }

        return request.Grant;
    }

    // The turn's one write: what was spent is stored with what was bought; the word to the account comes after it.
    private void Commit(Process process, int amount)
    {
        process.StoredMeter += Math.Min(process.Lease, amount % 60);
        process.Lease = process.Lease == 0 ? 0 : process.Lease - Math.Min(process.Lease, amount % 60);
        Step();
        process.Lease = 0;
        Report(process);
    }

    private void Report(Process process) => Report(process.Account, process.Name, process.Reading);

    private void Report(Account account, string holder, HolderReading reading)
    {
        Step();
        account.Live.Observe(holder, reading, _now);
        Step();
        account.Save();
        Step();
        ReportUpward(account);
    }

    private void ReportUpward(Account account)
    {
        if (account.Parent is { } parent)
        {
            Report(parent, account.Name, account.Live.Reading);
        }
    }

    private void Reopen(Account account)
    {
        Reconcile(account);
        ReportUpward(account);
    }

    private void Reconcile(Account account)
    {
        foreach (var process in _processes.Where(process => process.Account == account))
        {
            account.Live.Observe(process.Name, process.Reading, _now);
        }

        foreach (var child in _accounts.Where(child => child.Parent == account))
        {
            account.Live.Observe(child.Name, child.Live.Reading, _now);
        }

        account.Save();
    }

    private void Step()
    {
        if (_stepsLeft-- == 0)
        {
            throw new PowerFailure();
        }
    }

    private sealed class PowerFailure : Exception;

    private sealed class Process(string name, Account account)
    {
        public string Name => name;

        public Account Account => account;

        public long StoredMeter { get; set; }

        public long Lease { get; set; }

        public HolderReading Reading => new(StoredMeter, Lease, 1, 0, 0);

        public void Crash() => Lease = 0;
    }

    private sealed class Account
    {
        private AccountRecord _live;

        public Account(string name, Account? parent, AccountRecord record)
        {
            (Name, Parent, _live, Stored) = (name, parent, record, Copy(record));
            Live = new TokenAccount(name, _live);
        }

        public string Name { get; }

        public Account? Parent { get; }

        public AccountRecord Stored { get; private set; }

        public TokenAccount Live { get; private set; }

        public void Save() => Stored = Copy(_live);

        public void Crash()
        {
            _live = Copy(Stored);
            Live = new TokenAccount(Name, _live);
        }

        public bool IsWithin(Account other) => this == other || (Parent is not null && Parent.IsWithin(other));

        private static AccountRecord Copy(AccountRecord record) => new()
        {
            IsOpen = record.IsOpen,
            Parent = record.Parent,
            Limits = record.Limits,
            SliceStartedAt = record.SliceStartedAt,
            Consumed = record.Consumed,
            Forgotten = record.Forgotten,
            Holders = new Dictionary<string, HolderState>(record.Holders),
            TokenRate = [.. record.TokenRate],
            RequestRate = [.. record.RequestRate],
        };
    }
}
