using LLMOS.Kernel.Memory;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>What a process has of context.</summary>
/// <param name="Window">The window it thinks in, in tokens.</param>
/// <param name="Region">Its region; null before its first turn.</param>
/// <param name="Pages">The region's pages, oldest first.</param>
/// <param name="Entries">What they say, oldest first.</param>
internal sealed record ContextResource(ContextWindow Window, RegionInfo? Region, IReadOnlyList<RegionPage> Pages, IReadOnlyList<ContextEntry> Entries);
