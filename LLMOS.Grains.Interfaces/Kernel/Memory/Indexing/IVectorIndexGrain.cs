using System.Collections.Immutable;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>
/// A shard of the index over a log of vectors; see <see cref="KeyOf"/>. It holds no truth: it reads the log when it is activated, or what it had written
/// of it, and what is new in it before each search.
/// </summary>
[Alias("llmos.IVectorIndexGrain")]
public interface IVectorIndexGrain : IGrainWithIntegerKey
{
    /// <summary>How many shards an index has. A vector is in the one that its id leaves when it is divided by this.</summary>
    const int Shards = 4;

    /// <summary>The log of VectorFS; those of collections have the ids of these.</summary>
    const long Files = 0;

    /// <summary>The grain of a shard.</summary>
    /// <param name="log">The number of the log.</param>
    /// <param name="shard">The shard, from 0.</param>
    static long KeyOf(long log, int shard) => (log * Shards) + shard;

    /// <summary>The vectors nearest to a query, the nearest first.</summary>
    /// <param name="query">A vector of the dimension of the log.</param>
    /// <param name="count">At most so many; at least 1.</param>
    /// <param name="groups">Only vectors of these groups; default for all.</param>
    /// <exception cref="LlmosException">The vector has another length.</exception>
    [Alias("Search"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<ImmutableArray<VectorHit>> SearchAsync(float[] query, int count, ImmutableArray<long> groups = default);

    /// <summary>The same for several queries, which share one pass over the vectors.</summary>
    /// <param name="queries">One or more.</param>
    /// <param name="count">At most so many for each; at least 1.</param>
    /// <param name="filter">Only vectors of what it lets through; null for all.</param>
    /// <returns>For each query its hits, in the order of the queries.</returns>
    /// <exception cref="LlmosException">A vector has another length, there is no such log, or it has no metadata to filter by.</exception>
    [Alias("SearchMany"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<ImmutableArray<ImmutableArray<VectorHit>>> SearchManyAsync(ImmutableArray<float[]> queries, int count, MetadataFilter? filter = null);

    /// <summary>How many vectors it has.</summary>
    [Alias("Count"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<int> CountAsync();

    /// <summary>Writes what it has where the next activation finds it, so that the log need not be read again.</summary>
    [Alias("Save"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task SaveAsync();

    /// <summary>Lets go of what it has and keeps nothing of it: its collection was removed.</summary>
    [Alias("Drop"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task DropAsync();
}
