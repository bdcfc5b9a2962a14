using System.Collections.Immutable;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Memory;

/// <summary>A memory page: text, tokens, vector, owner and reference count. The grain's key is the page's id.</summary>
[Alias("llmos.IMemoryPageGrain")]
public interface IMemoryPageGrain : IGrainWithGuidKey
{
    /// <summary>Writes an entry into the page. An entry whose id is there already changes nothing.</summary>
    /// <returns>Tokens the page holds after it.</returns>
    [Alias("Write")]
    Task<int> WriteAsync(string region, ContextEntry entry);

    [Alias("Read"), ReadOnly]
    Task<ImmutableArray<ContextEntry>> ReadAsync();

    /// <summary>The embedding of the page's text: unit length, the dimension of the system's vector space.</summary>
    [Alias("Vector"), ReadOnly]
    Task<float[]> GetVectorAsync();

    /// <summary>Adds a reference.</summary>
    [Alias("Retain")]
    Task<int> RetainAsync();

    /// <summary>Drops a reference; with the last one the page is deleted.</summary>
    [Alias("Release")]
    Task<int> ReleaseAsync();

    [Alias("Info"), ReadOnly]
    Task<PageInfo> GetInfoAsync();
}
