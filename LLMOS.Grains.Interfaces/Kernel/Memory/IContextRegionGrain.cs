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
