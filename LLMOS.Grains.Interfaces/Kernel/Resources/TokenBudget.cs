namespace LLMOS.Kernel.Resources;

/// <summary>Tokens a process may use in one time slice.</summary>
/// <param name="Allocated">Tokens the slice grants.</param>
/// <param name="Consumed">Tokens used in this slice.</param>
[GenerateSerializer, Immutable, Alias("llmos.token-budget")]
public readonly record struct TokenBudget(
    [property: Id(0)] long Allocated,
    [property: Id(1)] long Consumed)
{
    /// <summary>Tokens left in this slice; never negative, also when the step in flight went over.</summary>
    public long Remaining => Math.Max(0, Allocated - Consumed);
}
