namespace LLMOS.Kernel.Resources;

/// <summary>What happened within one second.</summary>
/// <param name="Second">The second, counted from the year 1.</param>
/// <param name="Amount">How much.</param>
[GenerateSerializer, Immutable, Alias("llmos.rate-entry")]
public readonly record struct RateEntry(
    [property: Id(0)] long Second,
    [property: Id(1)] long Amount);
