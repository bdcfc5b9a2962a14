using CsCheck;
using LLMOS.Kernel.Resources;

namespace LLMOS.Tests.Kernel.Resources;

public sealed class BudgetSliceTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_slice_ends_after_its_length_and_not_before() => Gen.Int[1, 10_000].Select(Gen.Int[0, 100_000], Gen.Long[0, 5_000]).Sample((slice, after, consumed) =>
    {
        var (budget, start) = BudgetSlice.At(
            new TokenBudget(1_000, consumed), Start, TimeSpan.FromMilliseconds(slice), Start + TimeSpan.FromMilliseconds(after));
        var elapsed = Start + TimeSpan.FromMilliseconds(after) - start;
        Assert.True(elapsed >= TimeSpan.Zero && elapsed < TimeSpan.FromMilliseconds(slice));
        Assert.Equal(0, (start - Start).TotalMilliseconds % slice);
        Assert.Equal(after < slice ? consumed : 0, budget.Consumed);
        Assert.Equal(1_000, budget.Allocated);
    });

    [Fact]
    public void A_clock_that_was_set_back_grants_nothing_twice()
    {
        var (budget, start) = BudgetSlice.At(new TokenBudget(10, 10), Start, TimeSpan.FromSeconds(1), Start - TimeSpan.FromHours(5));
        Assert.Equal(0, budget.Remaining);
        Assert.Equal(Start, start);
    }

    [Fact]
    public void A_budget_that_was_overdrawn_has_nothing_left_and_not_less() => Assert.Equal(0, new TokenBudget(5, 9).Remaining);
}
