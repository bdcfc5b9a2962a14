using System.Collections.Immutable;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Memory;

/// <summary>A context region: an ordered list of pages that processes read and write. The grain's key is its path.</summary>
[Alias("llmos.IContextRegionGrain")]
public interface IContextRegionGrain : IGrainWithStringKey
{
    /// <summary>Makes the region, if no other owner did.</summary>
    /// <returns>False when the region belongs to another owner.</returns>
    [Alias("Create")]
    Task<bool> TryCreateAsync(string owner);

    /// <summary>
    /// Makes the region begin with what another one has now. Their pages are shared, not copied; what either gets later the other does not see.
    /// Doing it again, or to a region that was made before, changes nothing.
    /// </summary>
    /// <param name="source">The other region's path; one that was never made leaves this one empty.</param>
    /// <param name="owner">Whose this region is.</param>
    /// <returns>How many entries it inherited.</returns>
    [Alias("Inherit")]
    Task<int> InheritAsync(string source, string owner);

    /// <summary>Adds a reference to each page of the region for another one that shares them.</summary>
    /// <returns>The pages, each with how many of its entries there are to share.</returns>
    [Alias("Share")]
    Task<ImmutableArray<RegionPage>> ShareAsync();

    /// <summary>Appends text. An entry whose id is there already changes nothing.</summary>
    /// <returns>The region's version after it.</returns>
    [Alias("Append")]
    Task<long> AppendAsync(ContextEntry entry);

    /// <summary>The newest entries that fit into a number of tokens together, oldest first.</summary>
    [Alias("Tail"), ReadOnly]
    Task<ImmutableArray<ContextEntry>> TailAsync(int maxTokens);

    /// <summary>All entries, oldest first.</summary>
    [Alias("Read"), ReadOnly]
    Task<ImmutableArray<ContextEntry>> ReadAsync();

    /// <returns>Null when the region was never made.</returns>
    [Alias("Info"), ReadOnly]
    Task<RegionInfo?> GetInfoAsync();
}
