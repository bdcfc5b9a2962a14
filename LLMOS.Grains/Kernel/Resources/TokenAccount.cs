using System.Globalization;

namespace LLMOS.Kernel.Resources;

/// <summary>
/// The arithmetic of an account: what its holders have spent, hold and may still have. It knows no clock, no store and
/// no other account. What holds after each of its steps: consumed, leased and set aside are together at most the slice's
/// tokens, but for what a holder spent beyond its lease.
/// </summary>
/// <param name="name">The account's name, for its sentences.</param>
/// <param name="record">What it works on.</param>
public sealed class TokenAccount(string name, AccountRecord record)
{
    private readonly WaitingLine _line = new();

    private AccountLimits Limits => record.Limits;

    /// <summary>Tokens spent by all holders, ever.</summary>
    public long Total => record.Forgotten + record.Holders.Values.Sum(holder => holder.Reading.Tokens);

    /// <summary>Tokens held for turns under way.</summary>
    public long Leased => record.Holders.Values.Sum(holder => holder.Reading.Lease);

    /// <summary>The account's own meter, for the account above it.</summary>
    public HolderReading Reading => new(
        Total,
        Leased,
        record.Holders.Values.Sum(holder => holder.Reading.Processes),
        record.Holders.Values.Sum(holder => holder.Reading.ContextTokens),
        record.Holders.Values.Sum(holder => holder.Reading.GpuUnits));

    /// <summary>Begins the slice that a moment lies in.</summary>
    public void Advance(DateTimeOffset now)
    {
        if (BudgetSlice.NotAhead(record.SliceStartedAt, now) is var earlier && earlier != record.SliceStartedAt)
        {
            SetBack(earlier);
        }

        var (budget, start) = BudgetSlice.At(new TokenBudget(Limits.Tokens, record.Consumed), record.SliceStartedAt, Limits.Slice, now);
        (record.Consumed, record.SliceStartedAt) = (budget.Consumed, start);
        RateWindow.Trim(record.TokenRate, now);
        RateWindow.Trim(record.RequestRate, now);
    }

    /// <summary>Takes note of what a meter reads. What it spent since the last time is charged once, to the slice of the moment.</summary>
    /// <returns>Whether that was news.</returns>
    public bool Observe(string holder, HolderReading reading, DateTimeOffset now)
    {
        Advance(now);
        var known = record.Holders.TryGetValue(holder, out var found);
        var state = found ?? new HolderState();
        var spent = Math.Max(0, reading.Tokens - state.Reading.Tokens);
        var next = state with { Reading = reading with { Tokens = state.Reading.Tokens + spent } };
        if (spent > 0)
        {
            record.Consumed += spent;
            next = next with { SliceStartedAt = record.SliceStartedAt, SliceSpent = SpentInSlice(state) + spent };
            if (Limits.TokensPerMinute > 0)
            {
                RateWindow.Add(record.TokenRate, now, spent);
            }
        }

        record.Holders[holder] = next;
        return !known || next != state;
    }

    /// <summary>What a holder would be granted beyond its lease. Nothing is held for it before <see cref="Lease"/>.</summary>
    /// <param name="holder">Who asks.</param>
    /// <param name="least">Fewer are of no use to it; positive.</param>
    /// <param name="most">More are not needed; at least the least.</param>
    /// <param name="requests">Turns it asks for.</param>
    /// <param name="now">The moment.</param>
    public TokenGrant Offer(string holder, long least, long most, int requests, DateTimeOffset now)
    {
        var grant = Decide(holder, least, most, requests, now);
        if (grant.Granted > 0 || grant.IsNever || grant.IsHardCap)
        {
            _line.Leave(holder);
        }
        else
        {
            _line.Refused(holder, least, now);
        }

        return grant;
    }

    private TokenGrant Decide(string holder, long least, long most, int requests, DateTimeOffset now)
    {
        Advance(now);
        if (QuotaRefusal() is { } full)
        {
            return new TokenGrant { IsNever = true, Reason = full };
        }

        var granted = most;
        if (Limits.Tokens > 0)
        {
            var reservedForOthers = record.Holders.Where(other => other.Key != holder).Sum(other => other.Value.Reserved);
            if (least > Limits.Tokens - reservedForOthers)
            {
                return Never(least, $"{Limits.Tokens - reservedForOthers} tokens a slice{(reservedForOthers > 0 ? " beside what others have reserved" : "")}");
            }

            // What the first of those who wait can still have in this slice is left to it.
            var unspent = Limits.Tokens - record.Consumed - SetAside(holder);
            var claimed = _line.ClaimedBefore(holder, now) is var claim && claim <= unspent ? claim : 0;
            if (unspent - Leased - claimed < least)
            {
                return SliceRefusal(least, unspent, claimed, now);
            }

            granted = Math.Min(granted, unspent - Leased - claimed);
        }

        if (Limits.TokensPerMinute > 0)
        {
            if (least > Limits.TokensPerMinute)
            {
                return Never(least, $"{Limits.TokensPerMinute} tokens a minute");
            }

            var free = Limits.TokensPerMinute - RateWindow.Sum(record.TokenRate, now) - Leased;
            if (free < least)
            {
                var at = RateWindow.FreeAt(record.TokenRate, now, Limits.TokensPerMinute, least);
                return Wait(at > now ? at : now + TimeSpan.FromSeconds(1), now, $"allows {Limits.TokensPerMinute} tokens a minute and has {Math.Max(0, free)} left, and {least} are needed");
            }

            granted = Math.Min(granted, free);
        }

        if (Limits.RequestsPerMinute > 0 && RateWindow.Sum(record.RequestRate, now) + requests > Limits.RequestsPerMinute)
        {
            return Wait(
                RateWindow.FreeAt(record.RequestRate, now, Limits.RequestsPerMinute, Math.Min(requests, Limits.RequestsPerMinute)),
                now,
                $"allows {Limits.RequestsPerMinute} requests a minute, and that many were made");
        }

        return new TokenGrant { Granted = granted };
    }

    /// <summary>Holds tokens for a holder beyond what it holds.</summary>
    public void Lease(string holder, long tokens, int requests, DateTimeOffset now)
    {
        var state = record.Holders[holder];
        record.Holders[holder] = state with { Reading = state.Reading with { Lease = state.Reading.Lease + tokens } };
        if (Limits.RequestsPerMinute > 0)
        {
            RateWindow.Add(record.RequestRate, now, requests);
        }
    }

    /// <summary>Takes back a part of a lease that the accounts above did not grant.</summary>
    public void Unlease(string holder, long tokens)
    {
        if (record.Holders.TryGetValue(holder, out var state))
        {
            record.Holders[holder] = state with { Reading = state.Reading with { Lease = Math.Max(0, state.Reading.Lease - tokens) } };
        }
    }

    /// <summary>Makes somebody a holder, or changes what is set aside for it.</summary>
    /// <exception cref="LlmosException">A quota is full, or more would be set aside than there is.</exception>
    public void Enroll(string holder, HolderReading reading, long? reserved, DateTimeOffset now)
    {
        var before = record.Holders.GetValueOrDefault(holder);
        var others = Reading;
        var processes = others.Processes - (before?.Reading.Processes ?? 0) + reading.Processes;
        if (Limits.Processes > 0 && processes > Limits.Processes)
        {
            throw Exhausted($"allows {Limits.Processes} processes at the same time, and that many live: end one, or raise its limit 'processes'");
        }

        var gpu = others.GpuUnits - (before?.Reading.GpuUnits ?? 0) + reading.GpuUnits;
        if (Limits.GpuUnits > 0 && gpu > Limits.GpuUnits + 1e-9)
        {
            throw Exhausted(string.Create(CultureInfo.InvariantCulture, $"allows {Limits.GpuUnits:0.##} device slots, and {gpu:0.##} would be asked for: ask for less, or raise its limit 'gpu'"));
        }

        var setAside = record.Holders.Where(other => other.Key != holder).Sum(other => other.Value.Reserved);
        if (reserved is > 0 && setAside + reserved > Limits.Tokens)
        {
            throw Exhausted(Limits.Tokens == 0
                ? $"has no limit of tokens a slice, so that none of them can be set aside: set its limit 'tokens', or reserve none"
                : $"has {Limits.Tokens} tokens a slice of which {setAside} are reserved, and {reserved} more do not fit: reserve less");
        }

        Observe(holder, reading, now);
        record.Holders[holder] = record.Holders[holder] with { Reserved = reserved ?? before?.Reserved ?? 0 };
    }

    /// <summary>Takes a holder back that the accounts above refused.</summary>
    public void Unenroll(string holder, HolderState? before)
    {
        if (before is null)
        {
            record.Holders.Remove(holder);
        }
        else
        {
            record.Holders[holder] = before;
        }
    }

    /// <summary>Forgets a holder; what it spent stays spent.</summary>
    /// <returns>Whether it was known.</returns>
    public bool Forget(string holder)
    {
        if (!record.Holders.Remove(holder, out var state))
        {
            return false;
        }

        record.Forgotten += state.Reading.Tokens;
        return true;
    }

    /// <summary>Tokens of this slice that are set aside for others than one.</summary>
    public long SetAside(string? except) => record.Holders
        .Where(holder => holder.Key != except && holder.Value.Reserved > 0)
        .Sum(holder => Math.Max(0, holder.Value.Reserved - SpentInSlice(holder.Value) - holder.Value.Reading.Lease));

    public AccountStatement Statement(DateTimeOffset now)
    {
        Advance(now);
        var reading = Reading;
        return new AccountStatement
        {
            Account = name,
            Parent = record.Parent,
            Limits = Limits,
            Budget = new TokenBudget(Limits.Tokens, record.Consumed),
            Leased = reading.Lease,
            SetAside = Limits.Tokens > 0 ? SetAside(null) : 0,
            TotalTokens = reading.Tokens,
            Processes = reading.Processes,
            ContextTokens = reading.ContextTokens,
            GpuUnits = reading.GpuUnits,
            NextSliceAt = record.SliceStartedAt + Limits.Slice,
        };
    }

    /// <summary>The clock was set back: the slice goes on, and what holders spent in it they have spent.</summary>
    private void SetBack(DateTimeOffset start)
    {
        foreach (var (holder, state) in record.Holders.Where(holder => holder.Value.SliceStartedAt == record.SliceStartedAt).ToList())
        {
            record.Holders[holder] = state with { SliceStartedAt = start };
        }

        record.SliceStartedAt = start;
    }

    private long SpentInSlice(HolderState holder) => holder.SliceStartedAt == record.SliceStartedAt ? holder.SliceSpent : 0;

    private string? QuotaRefusal()
    {
        if (Limits.ContextTokens == 0)
        {
            return null;
        }

        var held = record.Holders.Values.Sum(holder => holder.Reading.ContextTokens);
        return held <= Limits.ContextTokens
            ? null
            : $"The account {name} allows {Limits.ContextTokens} tokens of context and its processes hold {held}: end one, or raise its limit 'context'.";
    }

    private TokenGrant SliceRefusal(long least, long unspent, long claimed, DateTimeOffset now)
    {
        var what = $"has {Math.Max(0, unspent - Leased - claimed)} of its {Limits.Tokens} tokens a slice left" +
            $"{(Leased > 0 ? $", {Leased} being held for turns under way" : "")}{(claimed > 0 ? $", {claimed} for one that waits longer" : "")}, and {least} are needed";

        // A hard cap is reached by what was spent; what others only hold may come back.
        return Limits.HardCap && unspent < least
            ? new TokenGrant { IsHardCap = true, Reason = $"the account {name} {what}" }
            : Wait(record.SliceStartedAt + Limits.Slice, now, what);
    }

    private TokenGrant Never(long least, string what) => new()
    {
        IsNever = true,
        Reason = $"The account {name} grants at most {what}, and the turn needs {least}: raise that limit, or shorten the message and the role.",
    };

    private TokenGrant Wait(DateTimeOffset at, DateTimeOffset now, string what) => new()
    {
        RetryAt = at,
        Reason = $"the account {name} {what}; it is asked again in {Math.Ceiling((at - now).TotalSeconds):0} s at the latest",
    };

    private LlmosException Exhausted(string what) => new(LlmosErrorCode.ResourceExhausted, $"The account {name} {what}.");
}
