using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Kernel.Security;

namespace LLMOS.Cognition.Embeddings;

/// <summary>Where collections lie. Each change is one commit, on disk when its task completes. A storage provider implements it.</summary>
public interface IEmbeddingStore
{
    /// <exception cref="LlmosException">A collection of the name is another.</exception>
    Task<CollectionInfo> CreateAsync(CollectionInfo collection);

    CollectionInfo? Find(string name);

    IReadOnlyList<CollectionInfo> List();

    /// <exception cref="LlmosException">It is another's.</exception>
    Task<bool> DropAsync(string name, Caller caller);

    /// <summary>Throws away what is kept of the indexes of collections that were removed, now or before.</summary>
    Task ForgetIndexesAsync();

    /// <exception cref="LlmosException">The collection is gone, or another's.</exception>
    Task UpsertAsync(long collection, IReadOnlyList<StoredEmbedding> records, Caller caller);

    /// <returns>How many there were.</returns>
    /// <exception cref="LlmosException">The collection is gone, or another's.</exception>
    Task<int> RemoveAsync(long collection, IReadOnlyList<string> keys, Caller caller);

    IReadOnlyList<StoredEmbedding> Get(long collection, IReadOnlyList<string> keys, bool withVectors);

    /// <summary>The records of some ids, in their order; those that are gone are left out.</summary>
    IReadOnlyList<StoredEmbedding> Get(IReadOnlyList<long> ids, bool withVectors);

    /// <summary>Records by key, after a key.</summary>
    /// <exception cref="LlmosException">The filter is wrong.</exception>
    IReadOnlyList<StoredEmbedding> Scan(long collection, MetadataFilter? filter, string after, int limit, bool withVectors);

    /// <summary>The ids of the records that have one of some words, the best first (BM25).</summary>
    /// <exception cref="LlmosException">The filter is wrong.</exception>
    IReadOnlyList<long> FindWords(long collection, IReadOnlyList<string> words, MetadataFilter? filter, int count);

    /// <summary>Forgets removals and tidies the words.</summary>
    /// <exception cref="LlmosException">The collection is gone, or another's.</exception>
    Task CompactAsync(long collection, Caller caller);
}
