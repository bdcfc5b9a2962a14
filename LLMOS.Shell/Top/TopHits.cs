namespace LLMOS.Shell.Top;

/// <summary>How often a level of memory had what it was asked for, over all silos.</summary>
/// <param name="Level">The level, such as <c>L1</c>.</param>
/// <param name="Rate">Hits of all, 0 to 1.</param>
internal sealed record TopHits(string Level, double Rate);
