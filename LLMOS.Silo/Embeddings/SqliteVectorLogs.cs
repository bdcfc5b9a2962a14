using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Silo.Files;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Embeddings;

/// <summary>The logs of vectors in a node's store: that of VectorFS, and one for each collection.</summary>
internal sealed class SqliteVectorLogs(SqliteStore store, SqliteFileStore files) : IVectorLogs
{
    /// <inheritdoc />
    public IVectorLog Get(long number) => number == IVectorIndexGrain.Files ? files : CollectionLog.Of(store, number);
}
