namespace LLMOS.Kernel.Resources;

/// <summary>The arithmetic of budgets that are granted anew in every time slice.</summary>
public static class BudgetSlice
{
    /// <summary>
    /// The start of a slice, or the moment where the start lies ahead of it, as after a clock was set back: what was spent stays spent,
    /// and nobody waits longer than a slice for the next one.
    /// </summary>
    public static DateTimeOffset NotAhead(DateTimeOffset sliceStart, DateTimeOffset now) => now < sliceStart ? now : sliceStart;

    /// <summary>The budget and the start of the slice that a moment lies in.</summary>
    /// <param name="budget">The budget as it was left.</param>
    /// <param name="sliceStart">The start of the slice it was left in.</param>
    /// <param name="slice">The length of a slice; positive.</param>
    /// <param name="now">The moment. One before the slice's start, as after a clock was set back, is in that slice.</param>
    public static (TokenBudget Budget, DateTimeOffset SliceStart) At(
        TokenBudget budget, DateTimeOffset sliceStart, TimeSpan slice, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(slice, TimeSpan.Zero);
        if (now < sliceStart || now - sliceStart < slice)
        {
            return (budget, sliceStart);
        }

        var passed = (now - sliceStart).Ticks / slice.Ticks;
        return (budget with { Consumed = 0 }, sliceStart + TimeSpan.FromTicks(passed * slice.Ticks));
    }
}
