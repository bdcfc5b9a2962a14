using System.Collections.Immutable;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>
/// A shard of the index over all vectors of the store; the key is its number, from 0 to <see cref="Shards"/> - 1. It holds no
/// truth: it reads the log of vectors when it is activated, and what is new in it before each search.
/// </summary>
[Alias("llmos.IVectorIndexGrain")]
public interface IVectorIndexGrain : IGrainWithIntegerKey
{
    /// <summary>How many shards there are. A vector is in the one that its id leaves when it is divided by this.</summary>
    const int Shards = 4;

    /// <summary>The vectors nearest to a query, the nearest first.</summary>
    /// <param name="query">A vector of unit length, of the dimension of the vector space.</param>
    /// <param name="count">At most so many; at least 1.</param>
    /// <param name="groups">Only vectors of these groups; default for all.</param>
    /// <exception cref="LlmosException">The vector has another length.</exception>
    [Alias("Search"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<ImmutableArray<VectorHit>> SearchAsync(float[] query, int count, ImmutableArray<long> groups = default);

    /// <summary>How many vectors it has.</summary>
    [Alias("Count"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<int> CountAsync();
}
