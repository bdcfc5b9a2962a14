using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Embeddings;

/// <summary>Reads and changes collections, inside the transaction of whoever calls.</summary>
internal static class CollectionTable
{
    private const string Columns =
        "id, name, dimension, distance, embedder, owner, shared, records, created, (SELECT COUNT(*) FROM embedding_removal WHERE collection = embedding_collection.id)";
    private const string ByName = $"SELECT {Columns} FROM embedding_collection WHERE name = ?";
    private const string ById = $"SELECT {Columns} FROM embedding_collection WHERE id = ?";
    private const string All = $"SELECT {Columns} FROM embedding_collection ORDER BY name";
    private const string Insert =
        "INSERT INTO embedding_collection (name, dimension, distance, embedder, owner, shared, created, identity, records, forgotten) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)";
    private const string NoteDropped = "INSERT OR IGNORE INTO embedding_dropped SELECT identity FROM embedding_collection WHERE id = ?";
    private const string Delete = "DELETE FROM embedding_collection WHERE id = ?";
    private const string AddRecords = "UPDATE embedding_collection SET records = records + ? WHERE id = ?";
    private const string SetForgotten = "UPDATE embedding_collection SET forgotten = MAX(forgotten, ?) WHERE id = ?";

    public static CollectionInfo? Find(SqliteSession session, string name)
    {
        using var rows = session.Statement(ByName).Bind(name);
        return rows.Step() ? Row(rows) : null;
    }

    public static CollectionInfo? Get(SqliteSession session, long id)
    {
        using var rows = session.Statement(ById).Bind(id);
        return rows.Step() ? Row(rows) : null;
    }

    public static List<CollectionInfo> List(SqliteSession session)
    {
        using var rows = session.Statement(All);
        var collections = new List<CollectionInfo>();
        while (rows.Step())
            collections.Add(Row(rows));
        return collections;
    }

    public static void Add(SqliteSession session, CollectionInfo collection) => session.Statement(Insert)
        .Bind(collection.Name).Bind(collection.Dimension).Bind((long)collection.Distance).Bind(collection.Embedder).Bind(collection.Owner)
        .Bind(collection.IsShared ? 1 : 0).Bind(collection.CreatedAt.UtcTicks).Bind(Guid.NewGuid().ToString("N"))
        .Run();

    /// <summary>Removes a collection, and notes that its indexes may still be kept.</summary>
    public static void Remove(SqliteSession session, long id)
    {
        session.Statement(NoteDropped).Bind(id).Run();
        session.Statement(Delete).Bind(id).Run();
    }

    public static void Count(SqliteSession session, long id, long records) => session.Statement(AddRecords).Bind(records).Bind(id).Run();

    public static void Forget(SqliteSession session, long id, long removal) => session.Statement(SetForgotten).Bind(removal).Bind(id).Run();

    /// <exception cref="LlmosException">It is gone, or another's.</exception>
    public static CollectionInfo Writable(SqliteSession session, long id, Caller caller)
    {
        var collection = Get(session, id) ?? throw LlmosException.NotFound("The collection was removed meanwhile.");
        if (!collection.IsShared)
            EnsureOwns(collection, caller, "change");
        return collection;
    }

    /// <exception cref="LlmosException">It is another's.</exception>
    public static void EnsureOwns(CollectionInfo collection, Caller caller, string what)
    {
        if (!caller.Has(Privileges.ManageProcesses) && collection.Owner != caller.Principal)
            throw LlmosException.Denied($"{caller} may not {what} the collection '{collection.Name}': it is of {collection.Owner}.");
    }

    private static CollectionInfo Row(SqliteStatement row) => new()
    {
        Id = row.Number(0),
        Name = row.Text(1),
        Dimension = (int)row.Number(2),
        Distance = (EmbeddingDistance)row.Number(3),
        Embedder = row.Text(4),
        Owner = row.Text(5),
        IsShared = row.Number(6) != 0,
        Count = row.Number(7),
        CreatedAt = new DateTimeOffset(row.Number(8), TimeSpan.Zero),
        Removals = row.Number(9),
    };
}
