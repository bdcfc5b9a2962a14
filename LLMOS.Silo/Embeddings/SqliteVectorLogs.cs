using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Silo.Files;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Embeddings;

/// <summary>The logs of vectors in a node's store: that of VectorFS, and one for each collection.</summary>
internal sealed class SqliteVectorLogs(SqliteStore store, SqliteFileStore files) : IVectorLogs
{
    private const string SelectIdentities = "SELECT identity FROM embedding_collection";

    /// <summary>The identities of all logs.</summary>
    public IReadOnlyList<string> Identities => store.Read(files.Identity, static (session, first) =>
    {
        var identities = new List<string> { first };
        using var rows = session.Statement(SelectIdentities);
        while (rows.Step())
            identities.Add(rows.Text(0));
        return identities;
    });

    /// <inheritdoc />
    public IVectorLog Get(long number) => number == IVectorIndexGrain.Files ? files : CollectionLog.Of(store, number);
}
