using LLMOS.Silo.Storage;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Files;

/// <summary>Reads and changes inodes, inside the transaction of whoever calls.</summary>
internal static class NodeTable
{
    private const string Columns = "id, parent, name, kind, owner, shared, version, length, created, modified";
    private const string ById = $"SELECT {Columns} FROM file_node WHERE id = ?";
    private const string ByName = $"SELECT {Columns} FROM file_node WHERE parent = ? AND name = ? AND removed IS NULL";
    private const string InDirectory = $"SELECT {Columns} FROM file_node WHERE parent = ? AND name > ? AND removed IS NULL ORDER BY name LIMIT ?";
    private const string Insert =
        "INSERT INTO file_node (parent, name, kind, owner, shared, version, length, created, modified) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?7)";
    private const string Identity = "SELECT last_insert_rowid()";
    private const string SetContent = "UPDATE file_node SET version = ?, length = ?, modified = ? WHERE id = ?";
    private const string SetPlace = "UPDATE file_node SET parent = ?, name = ?, modified = ? WHERE id = ?";
    private const string SetShared = "UPDATE file_node SET shared = ? WHERE id = ?";
    private const string SetRemoved = "UPDATE file_node SET removed = ? WHERE id = ?";

    /// <summary>An inode and all below it.</summary>
    private const string Below =
        """
        WITH RECURSIVE below (id) AS (
            SELECT ? UNION ALL SELECT file_node.id FROM below JOIN file_node ON file_node.parent = below.id AND file_node.removed IS NULL)
        SELECT id FROM below
        """;

    /// <summary>A directory and all directories below it.</summary>
    private const string DirectoriesBelow =
        """
        WITH RECURSIVE below (id) AS (
            SELECT ? UNION ALL SELECT file_node.id FROM below JOIN file_node ON file_node.parent = below.id AND file_node.removed IS NULL AND file_node.kind = 0)
        SELECT id FROM below
        """;

    public static NodeRow? Find(SqliteSession session, string path)
    {
        var row = Get(session, FileSchema.RootId);
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (row is not { Kind: NodeKind.Directory })
                return null;
            row = Child(session, row.Id, name);
        }
        return row;
    }

    /// <exception cref="LlmosException">There is nothing.</exception>
    public static NodeRow Existing(SqliteSession session, string path) =>
        Find(session, path) ?? throw LlmosException.NotFound($"There is nothing at '{path}': ls lists what there is.");

    /// <exception cref="LlmosException">There is no directory.</exception>
    public static NodeRow Directory(SqliteSession session, string path)
    {
        var row = Find(session, path) ?? throw LlmosException.NotFound($"There is no directory {path}: mkdir makes it.");
        return row.Kind == NodeKind.Directory ? row : throw LlmosException.Refused($"{path} is a file, not a directory.");
    }

    /// <exception cref="LlmosException">There is no file.</exception>
    public static NodeRow File(SqliteSession session, string path)
    {
        var row = Existing(session, path);
        return row.Kind == NodeKind.File ? row : throw LlmosException.Refused($"{path} is a directory: ls lists what is in it.");
    }

    public static NodeRow? Get(SqliteSession session, long id)
    {
        using var rows = session.Statement(ById).Bind(id);
        return rows.Step() ? Row(rows) : null;
    }

    public static NodeRow? Child(SqliteSession session, long parent, string name)
    {
        using var rows = session.Statement(ByName).Bind(parent).Bind(name);
        return rows.Step() ? Row(rows) : null;
    }

    public static List<NodeRow> Children(SqliteSession session, long parent, string after, int limit)
    {
        using var rows = session.Statement(InDirectory).Bind(parent).Bind(after).Bind(limit);
        var children = new List<NodeRow>();
        while (rows.Step())
            children.Add(Row(rows));
        return children;
    }

    /// <summary>The ids of an inode and of all below it.</summary>
    public static List<long> Tree(SqliteSession session, long id) => Ids(session, Below, id);

    /// <summary>The ids of a directory and of those below it.</summary>
    public static List<long> Directories(SqliteSession session, long id) => Ids(session, DirectoriesBelow, id);

    private static List<long> Ids(SqliteSession session, string sql, long id)
    {
        using var rows = session.Statement(sql).Bind(id);
        var ids = new List<long>();
        while (rows.Step())
            ids.Add(rows.Number(0));
        return ids;
    }

    /// <summary>Where an inode is, or was when it was removed.</summary>
    public static string PathOf(SqliteSession session, NodeRow row)
    {
        var names = new Stack<string>();
        for (var at = row; at is not null && at.Id != FileSchema.RootId; at = Get(session, at.Parent))
            names.Push(at.Name);
        return VfsPath.Root + string.Join('/', names);
    }

    public static long Add(SqliteSession session, long parent, string name, NodeKind kind, string owner, long version, long length, long now)
    {
        session.Statement(Insert).Bind(parent).Bind(name).Bind((long)kind).Bind(owner).Bind(version).Bind(length).Bind(now).Run();
        using var identity = session.Statement(Identity);
        identity.Step();
        return identity.Number(0);
    }

    public static void Write(SqliteSession session, long id, long version, long length, long now) =>
        session.Statement(SetContent).Bind(version).Bind(length).Bind(now).Bind(id).Run();

    public static void Move(SqliteSession session, long id, long parent, string name, long now) =>
        session.Statement(SetPlace).Bind(parent).Bind(name).Bind(now).Bind(id).Run();

    public static void Share(SqliteSession session, long id, bool shared) =>
        session.Statement(SetShared).Bind(shared ? 1 : 0).Bind(id).Run();

    public static void Remove(SqliteSession session, long id, long now) =>
        session.Statement(SetRemoved).Bind(now).Bind(id).Run();

    private static NodeRow Row(SqliteStatement row) => new(
        row.Number(0),
        row.Number(1),
        row.Text(2),
        (NodeKind)row.Number(3),
        row.Text(4),
        row.Number(5) != 0,
        row.Number(6),
        row.Number(7),
        row.Number(8),
        row.Number(9));
}
