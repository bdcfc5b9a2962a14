using System.Collections.Immutable;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Kernel.Security;

namespace LLMOS.Cognition.Embeddings;

/// <summary>
/// The embedding store: collections of records with text, metadata and a vector, which are found by vectors, by words and by both. A record's parts change together, in one
/// commit that is on disk when the call returns. Stateless; any key.
/// </summary>
[Alias("llmos.IEmbeddingStoreGrain")]
public interface IEmbeddingStoreGrain : IGrainWithIntegerKey
{
    /// <summary>Records of one call at most.</summary>
    const int MaxBatch = 1_000;

    /// <summary>Queries of one call at most.</summary>
    const int MaxQueries = 64;

    /// <summary>Makes a collection. One that is there and is the same stays as it is.</summary>
    /// <exception cref="LlmosException">The name is none, the dimension is not the embedder's, the embedder is not there, or a collection of the name is another.</exception>
    [Alias("Create"), ResponseTimeout("00:15:00")]
    [Requires(Permissions.WriteContext, Syscall = "index", RecordFirst = true)]
    Task<CollectionInfo> CreateAsync(CollectionSpec spec);

    /// <summary>A collection; null when there is none of the name.</summary>
    [Alias("Find")]
    [Requires(Permissions.ReadContext, Verb = "read collections")]
    Task<CollectionInfo?> FindAsync(string name);

    /// <summary>All collections, by name.</summary>
    [Alias("List")]
    [Requires(Permissions.ReadContext, Verb = "read collections")]
    Task<ImmutableArray<CollectionInfo>> ListAsync();

    /// <summary>Removes a collection with all that is in it.</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="LlmosException">It is another's.</exception>
    [Alias("Delete"), ResponseTimeout("00:05:00")]
    [Requires(Permissions.WriteContext, Syscall = "index", RecordFirst = true)]
    Task<bool> DeleteAsync(string name);

    /// <summary>Writes records; one whose key is there takes its place. All of them or none.</summary>
    /// <param name="name">The collection.</param>
    /// <param name="records">1 to <see cref="MaxBatch"/>; of several with one key the last counts.</param>
    /// <param name="embedder">What made their vectors; null where they have none, or it is known to be the collection's.</param>
    /// <exception cref="LlmosException">There is no such collection, it is another's, a record is wrong, or a vector is of another dimension or embedder.</exception>
    [Alias("Upsert"), ResponseTimeout("00:05:00")]
    [Requires(Permissions.WriteContext, Syscall = "index", RecordFirst = true)]
    Task UpsertAsync(string name, ImmutableArray<EmbeddingRecord> records, string? embedder = null);

    /// <summary>Removes records.</summary>
    /// <returns>How many of the keys there were.</returns>
    /// <exception cref="LlmosException">There is no such collection, or it is another's.</exception>
    [Alias("Remove")]
    [Requires(Permissions.WriteContext, Syscall = "index", RecordFirst = true)]
    Task<int> RemoveAsync(string name, ImmutableArray<string> keys);

    /// <summary>The records of some keys, in the order of the keys; those that are not there are left out.</summary>
    /// <exception cref="LlmosException">There is no such collection, or the records are more than 90 MB together.</exception>
    [Alias("Get")]
    [Requires(Permissions.ReadContext, Verb = "read collections")]
    Task<ImmutableArray<EmbeddingRecord>> GetAsync(string name, ImmutableArray<string> keys, bool withVectors = false);

    /// <summary>The records that a filter lets through, by key.</summary>
    /// <param name="name">The collection.</param>
    /// <param name="filter">The filter; null for all.</param>
    /// <param name="after">Only keys after this one; empty for the beginning.</param>
    /// <param name="limit">At most so many, 1 to 1,000; there are fewer where they are large, and none only after the last.</param>
    /// <param name="withVectors">Whether they come with their vectors.</param>
    /// <exception cref="LlmosException">There is no such collection, or the filter is wrong.</exception>
    [Alias("Scan")]
    [Requires(Permissions.ReadContext, Verb = "read collections")]
    Task<ImmutableArray<EmbeddingRecord>> ScanAsync(string name, MetadataFilter? filter = null, string after = "", int limit = 1_000, bool withVectors = false);

    /// <summary>Finds records, the best first.</summary>
    /// <exception cref="LlmosException">There is no such collection, or the query is wrong: its vector of another dimension, or a text where nothing embeds texts.</exception>
    [Alias("Search"), ResponseTimeout("00:02:00")]
    [Requires(Permissions.ReadContext, Verb = "search")]
    Task<ImmutableArray<EmbeddingMatch>> SearchAsync(string name, EmbeddingQuery query);

    /// <summary>The same for several queries; those with the same filter share one pass over the vectors.</summary>
    /// <param name="name">The collection.</param>
    /// <param name="queries">1 to <see cref="MaxQueries"/>.</param>
    /// <returns>For each query what it found, in the order of the queries.</returns>
    [Alias("SearchMany"), ResponseTimeout("00:02:00")]
    [Requires(Permissions.ReadContext, Verb = "search")]
    Task<ImmutableArray<ImmutableArray<EmbeddingMatch>>> SearchManyAsync(string name, ImmutableArray<EmbeddingQuery> queries);

    /// <summary>Makes the vectors of texts.</summary>
    /// <param name="texts">1 to <see cref="MaxBatch"/>.</param>
    /// <param name="embedder">What makes them; null for the system's vector space.</param>
    /// <exception cref="LlmosException">There is no such embedder, or it makes none.</exception>
    [Alias("Embed"), ResponseTimeout("00:15:00")]
    [Requires(Permissions.ReadContext, Verb = "embed")]
    Task<EmbeddedTexts> EmbedAsync(ImmutableArray<string> texts, string? embedder = null);

    /// <summary>Forgets removals, tidies the words, and writes the index out.</summary>
    /// <exception cref="LlmosException">There is no such collection, or it is another's.</exception>
    [Alias("Compact"), ResponseTimeout("00:05:00")]
    [Requires(Permissions.WriteContext, Syscall = "index", RecordFirst = true)]
    Task<CollectionInfo> CompactAsync(string name);
}
