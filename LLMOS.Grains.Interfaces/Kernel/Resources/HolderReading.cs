namespace LLMOS.Kernel.Resources;

/// <summary>
/// The meter of who spends from an account: a process, or an account below it. It is a state and no change, so that
/// saying it twice charges once, and saying the newest says all before it.
/// </summary>
/// <param name="Tokens">Tokens it has spent in its whole life; never falls.</param>
/// <param name="Lease">Tokens beyond these that it holds for turns under way.</param>
/// <param name="Processes">Processes that live.</param>
/// <param name="ContextTokens">Tokens of context that they hold.</param>
/// <param name="GpuUnits">Device slots that they ask for.</param>
[GenerateSerializer, Immutable, Alias("llmos.holder-reading")]
public readonly record struct HolderReading(
    [property: Id(0)] long Tokens,
    [property: Id(1)] long Lease,
    [property: Id(2)] long Processes,
    [property: Id(3)] long ContextTokens,
    [property: Id(4)] double GpuUnits);
