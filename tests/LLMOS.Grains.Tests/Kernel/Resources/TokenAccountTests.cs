using CsCheck;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Security;

namespace LLMOS.Tests.Kernel.Resources;

public sealed class TokenAccountTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_reserved_is_for_nobody_else()
    {
        var account = Account(new AccountLimits { Tokens = 100 });
        account.Enroll("a", default, 60, Start);
        account.Enroll("b", default, null, Start);
        Assert.Equal(40, account.Offer("b", 1, 100, 1, Start).Granted);
        Assert.Equal(100, account.Offer("a", 1, 100, 1, Start).Granted);
        Assert.True(account.Offer("b", 41, 100, 1, Start).IsNever);
        account.Observe("a", new HolderReading(50, 0, 1, 0, 0), Start);
        Assert.Equal(10, account.Statement(Start).SetAside);
        Assert.Equal(40, account.Offer("b", 1, 100, 1, Start).Granted);
        var full = Assert.Throws<LlmosException>(() => account.Enroll("c", default, 41, Start));
        Assert.Equal("The account test has 100 tokens a slice of which 60 are reserved, and 41 more do not fit: reserve less.", full.Message);
        Assert.Equal(LlmosErrorCode.ResourceExhausted, full.Code);
    }

    [Fact]
    public void A_used_up_slice_makes_wait_and_with_a_hard_cap_ends()
    {
        var account = Account(new AccountLimits { Tokens = 100, Slice = TimeSpan.FromSeconds(10) });
        account.Observe("a", new HolderReading(95, 0, 1, 0, 0), Start);
        var refusal = account.Offer("a", 6, 6, 1, Start + TimeSpan.FromSeconds(4));
        Assert.Equal(0, refusal.Granted);
        Assert.False(refusal.IsHardCap || refusal.IsNever);
        Assert.Equal(Start + TimeSpan.FromSeconds(10), refusal.RetryAt);
        Assert.Equal("the account test has 5 of its 100 tokens a slice left, and 6 are needed; it is asked again in 6 s at the latest", refusal.Reason);
        Assert.Equal(6, account.Offer("a", 6, 6, 1, refusal.RetryAt).Granted);

        account = Account(new AccountLimits { Tokens = 100, HardCap = true });
        account.Observe("a", new HolderReading(50, 45, 1, 0, 0), Start);
        Assert.False(account.Offer("b", 6, 6, 1, Start).IsHardCap, "what is only held may come back");
        account.Observe("a", new HolderReading(95, 0, 1, 0, 0), Start);
        Assert.True(account.Offer("b", 6, 6, 1, Start).IsHardCap);
    }

    [Fact]
    public void Who_waits_longest_is_served_first_and_nobody_waits_for_one_that_went_away()
    {
        var account = Account(new AccountLimits { Tokens = 100, Slice = TimeSpan.FromMinutes(1) });
        account.Observe("busy", new HolderReading(0, 60, 1, 0, 0), Start);
        Assert.Equal(0, account.Offer("large", 80, 80, 1, Start).Granted);
        var small = account.Offer("small", 10, 40, 1, Start);
        Assert.Equal(0, small.Granted);
        Assert.Contains("80 for one that waits longer", small.Reason, StringComparison.Ordinal);
        account.Observe("busy", new HolderReading(10, 0, 1, 0, 0), Start);
        Assert.Equal(10, account.Offer("small", 10, 40, 1, Start).Granted);
        Assert.Equal(80, account.Offer("large", 80, 80, 1, Start).Granted);

        // In this slice it cannot be served any more, so others may go on.
        account.Observe("busy", new HolderReading(40, 0, 1, 0, 0), Start);
        Assert.Equal(0, account.Offer("large", 80, 80, 1, Start).Granted);
        Assert.Equal(40, account.Offer("small", 10, 40, 1, Start).Granted);

        // In the next one it is the first; when it asks no more it is not waited for.
        var next = Start + TimeSpan.FromMinutes(1);
        Assert.Equal(0, account.Offer("large", 80, 80, 1, next - TimeSpan.FromSeconds(3)).Granted);
        Assert.Equal(20, account.Offer("small", 10, 40, 1, next).Granted);
        Assert.Equal(40, account.Offer("small", 10, 40, 1, next + WaitingLine.Patience).Granted);
    }

    [Fact]
    public void Quotas_are_full_when_they_are_full()
    {
        var account = Account(new AccountLimits { Processes = 2, ContextTokens = 100, GpuUnits = 1.5 });
        account.Enroll("a", new HolderReading(0, 0, 1, 0, 1), null, Start);
        Assert.Contains("1.5 device slots", Assert.Throws<LlmosException>(() => account.Enroll("b", new HolderReading(0, 0, 1, 0, 1), null, Start)).Message, StringComparison.Ordinal);
        account.Enroll("b", new HolderReading(0, 0, 1, 0, 0.5), null, Start);
        account.Enroll("b", new HolderReading(0, 0, 1, 0, 0.5), null, Start);
        Assert.Contains("allows 2 processes", Assert.Throws<LlmosException>(() => account.Enroll("c", new HolderReading(0, 0, 1, 0, 0), null, Start)).Message, StringComparison.Ordinal);
        account.Observe("a", new HolderReading(0, 0, 1, 101, 1), Start);
        Assert.Contains("hold 101", account.Offer("b", 1, 1, 1, Start).Reason, StringComparison.Ordinal);
        account.Observe("a", new HolderReading(0, 0, 0, 0, 0), Start);
        account.Enroll("c", new HolderReading(0, 0, 1, 0, 0), null, Start);
        Assert.Equal(1, account.Offer("b", 1, 1, 1, Start).Granted);
    }

    [Fact]
    public void In_no_minute_is_more_granted_than_the_rates_allow() =>
        Gen.Select(Gen.Int[1, 30], Gen.Long[10, 500], Gen.Select(Gen.Int[0, 40_000], Gen.Long[1, 200]).Array[1, 60]).Sample((requests, tokens, turns) =>
        {
            var account = Account(new AccountLimits { RequestsPerMinute = requests, TokensPerMinute = tokens });
            var now = Start;
            long meter = 0;
            var granted = new List<(DateTimeOffset At, long Tokens)>();
            foreach (var (wait, least) in turns)
            {
                now += TimeSpan.FromMilliseconds(wait);
                var grant = account.Offer("a", least, least, 1, now);
                if (grant.Granted == 0)
                {
                    if (grant.IsNever)
                    {
                        Assert.True(least > tokens);
                        continue;
                    }

                    Assert.True(grant.RetryAt > now);
                    now = grant.RetryAt;
                    grant = account.Offer("a", least, least, 1, now);
                    if (grant.Granted == 0)
                    {
                        // The one rate is free and the other is not yet.
                        continue;
                    }
                }

                account.Observe("a", new HolderReading(meter, 0, 1, 0, 0), now);
                account.Lease("a", least, 1, now);
                account.Observe("a", new HolderReading(meter += least, 0, 1, 0, 0), now);
                granted.Add((now, least));
            }

            foreach (var (at, _) in granted)
            {
                var minute = granted.Where(other => other.At > at - TimeSpan.FromSeconds(59) && other.At <= at).ToList();
                Assert.True(minute.Count <= requests && minute.Sum(other => other.Tokens) <= tokens);
            }
        });

    [Fact]
    public void A_holder_that_is_forgotten_leaves_what_it_spent()
    {
        var account = Account(AccountLimits.None);
        account.Observe("a", new HolderReading(70, 5, 1, 10, 1), Start);
        Assert.True(account.Forget("a"));
        Assert.False(account.Forget("a"));
        Assert.Equal(new HolderReading(70, 0, 0, 0, 0), account.Reading);
    }

    [Fact]
    public void Raising_takes_SUDO_and_lowering_takes_an_ancestor()
    {
        var plain = Permissions.Agent;
        LimitAuthority.Ensure(new LimitCaller(7, plain), 7, [1], raises: false, "x");
        LimitAuthority.Ensure(new LimitCaller(5, plain), 7, [6, 5, 1], raises: false, "x");
        LimitAuthority.Ensure(new LimitCaller(99, plain | Permissions.Sudo), 7, [1], raises: true, "x");
        foreach (var (caller, raises) in (ReadOnlySpan<(long, bool)>)[(7, true), (5, true), (99, false), (99, true)])
        {
            var refused = Assert.Throws<LlmosException>(() => LimitAuthority.Ensure(new LimitCaller(caller, plain), 7, [6, 5, 1], raises, "the priority"));
            Assert.Equal(LlmosErrorCode.PermissionDenied, refused.Code);
            Assert.Contains("SUDO", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_limit_that_is_lifted_or_grows_is_raised()
    {
        var limits = new AccountLimits { Tokens = 100, Processes = 5, HardCap = true };
        Assert.False(AccountLimitRules.Raises(limits, limits));
        Assert.False(AccountLimitRules.Raises(limits, AccountLimitRules.With(limits, ResourceLimit.Tokens, 50)));
        Assert.False(AccountLimitRules.Raises(limits, AccountLimitRules.With(limits, ResourceLimit.Rate, 50)));
        Assert.False(AccountLimitRules.Raises(limits, AccountLimitRules.With(limits, ResourceLimit.Slice, 61)));
        Assert.True(AccountLimitRules.Raises(limits, AccountLimitRules.With(limits, ResourceLimit.Tokens, 101)));
        Assert.True(AccountLimitRules.Raises(limits, AccountLimitRules.With(limits, ResourceLimit.Processes, 0)));
        Assert.True(AccountLimitRules.Raises(limits, AccountLimitRules.With(limits, ResourceLimit.HardCap, 0)));
        Assert.True(AccountLimitRules.Raises(limits, AccountLimitRules.With(limits, ResourceLimit.Slice, 59)));
    }

    [Theory]
    [InlineData(ResourceLimit.Tokens, -1)]
    [InlineData(ResourceLimit.Tokens, 1.5)]
    [InlineData(ResourceLimit.Slice, 0)]
    [InlineData(ResourceLimit.HardCap, 2)]
    [InlineData(ResourceLimit.Gpu, double.NaN)]
    [InlineData(ResourceLimit.Context, double.PositiveInfinity)]
    public void A_wrong_limit_is_named(ResourceLimit limit, double value)
    {
        var wrong = Assert.Throws<LlmosException>(() => AccountLimitRules.With(AccountLimits.None, limit, value));
        Assert.Equal(LlmosErrorCode.InvalidArgument, wrong.Code);
        Assert.Contains($"'{limit.ToString().ToLowerInvariant()}'", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("proc/7")]
    [InlineData("alice/")]
    [InlineData("al ice")]
    [InlineData("a/b/c/d/e/f/g/h/i")]
    public void A_wrong_account_is_named(string key) =>
        Assert.Contains($"'{key}'", Assert.Throws<LlmosException>(() => AccountKey.Validate(key)).Message, StringComparison.Ordinal);

    private static TokenAccount Account(AccountLimits limits) =>
        new("test", new AccountRecord { IsOpen = true, Limits = limits, SliceStartedAt = Start });
}
