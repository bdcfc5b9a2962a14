namespace LLMOS.Kernel.Resources;

/// <summary>What the account of a process begins with.</summary>
/// <param name="Parent">The account above it; empty for none.</param>
/// <param name="Limits">The process's budget, which is its children's from now on too.</param>
/// <param name="SliceStartedAt">When the process's slice began.</param>
/// <param name="Consumed">Tokens the process has spent in it.</param>
/// <param name="Reading">The process's own meter.</param>
[GenerateSerializer, Immutable, Alias("llmos.account-opening")]
public sealed record AccountOpening(
    [property: Id(0)] string Parent,
    [property: Id(1)] AccountLimits Limits,
    [property: Id(2)] DateTimeOffset SliceStartedAt,
    [property: Id(3)] long Consumed,
    [property: Id(4)] HolderReading Reading);
