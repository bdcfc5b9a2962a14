using LLMOS.Silo.Storage;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Files;

/// <summary>Reads and changes inodes, inside the transaction of whoever calls.</summary>
internal static class NodeTable
{
    // A name and the inode that it is of: mostly the same row.
    private const string Select =
        "SELECT n.id, e.id, e.parent, e.name, n.kind, n.owner, n.shared, n.version, n.length, n.created, n.modified, n.links, n.target FROM file_node AS e JOIN file_node AS n ON n.id = COALESCE(e.inode, e.id)";
    private const string ById = $"{Select} WHERE e.id = ?";
    private const string ByInode = $"{Select} WHERE e.id = ? AND e.inode IS NULL AND e.removed IS NULL";
    private const string ByName = $"{Select} WHERE e.parent = ? AND e.name = ? AND e.removed IS NULL";
    private const string InDirectory = $"{Select} WHERE e.parent = ? AND e.name > ? AND e.removed IS NULL ORDER BY e.name LIMIT ?";
    private const string OtherNames = $"{Select} WHERE e.inode = ? AND e.removed IS NULL ORDER BY e.id";
    private const string Insert =
        "INSERT INTO file_node (parent, name, kind, owner, shared, version, length, created, modified) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?7)";
    private const string Identity = "SELECT last_insert_rowid()";
    private const string SetContent = "UPDATE file_node SET version = ?, length = ?, modified = ? WHERE id = ?";
    private const string SetPlace = "UPDATE file_node SET parent = ?, name = ?, modified = ? WHERE id = ?";
    private const string SetShared = "UPDATE file_node SET shared = ? WHERE id = ?";
    private const string InsertName =
        "INSERT INTO file_node (parent, name, kind, owner, shared, version, length, created, modified, inode) VALUES (?1, ?2, 1, '', 0, 0, 0, ?3, ?3, ?4)";
    private const string SetTarget = "UPDATE file_node SET target = ? WHERE id = ?";
    private const string AddLinks = "UPDATE file_node SET links = links + ? WHERE id = ?";
    private const string SetRemoved = "UPDATE file_node SET removed = ? WHERE id = ?";

    /// <summary>A name and all below it.</summary>
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
        return row.Kind == NodeKind.Directory ? row : throw LlmosException.Refused($"{path} is a {row.Kind.Word()}, not a directory.");
    }

    /// <exception cref="LlmosException">There is no file.</exception>
    public static NodeRow File(SqliteSession session, string path)
    {
        var row = Existing(session, path);
        return row.Kind switch
        {
            NodeKind.File => row,
            NodeKind.Directory => throw LlmosException.Refused($"{path} is a directory: ls lists what is in it."),
            _ => throw LlmosException.NotFound($"{path} is a symbolic link to '{row.Target}', and there is nothing."),
        };
    }

    /// <summary>A name by its row, removed ones too.</summary>
    public static NodeRow? Get(SqliteSession session, long id)
    {
        using var rows = session.Statement(ById).Bind(id);
        return rows.Step() ? Row(rows) : null;
    }

    /// <summary>An inode under its first name; null for one that was removed.</summary>
    public static NodeRow? InUse(SqliteSession session, long inode)
    {
        using var rows = session.Statement(ByInode).Bind(inode);
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

    /// <summary>All names of an inode, the first one first.</summary>
    public static List<NodeRow> Names(SqliteSession session, long inode)
    {
        var names = new List<NodeRow> { Get(session, inode)! };
        using var rows = session.Statement(OtherNames).Bind(inode);
        while (rows.Step())
            names.Add(Row(rows));
        return names;
    }

    /// <summary>The rows of a name and of all below it.</summary>
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

    /// <summary>Where a name is, or was when it was removed.</summary>
    public static string PathOf(SqliteSession session, NodeRow row)
    {
        var names = new Stack<string>();
        for (var at = row; at is not null && at.Entry != FileSchema.RootId; at = Get(session, at.Parent))
            names.Push(at.Name);
        return VfsPath.Root + string.Join('/', names);
    }

    public static long Add(SqliteSession session, long parent, string name, NodeKind kind, string owner, long version, long length, long now)
    {
        session.Statement(Insert).Bind(parent).Bind(name).Bind((long)kind).Bind(owner).Bind(version).Bind(length).Bind(now).Run();
        return Added(session);
    }

    /// <summary>Gives an inode one more name.</summary>
    /// <returns>The row of the name.</returns>
    public static long AddName(SqliteSession session, long inode, long parent, string name, long now)
    {
        session.Statement(InsertName).Bind(parent).Bind(name).Bind(now).Bind(inode).Run();
        var entry = Added(session);
        session.Statement(AddLinks).Bind(1).Bind(inode).Run();
        return entry;
    }

    public static void Lead(SqliteSession session, long link, string target) => session.Statement(SetTarget).Bind(target).Bind(link).Run();

    public static void Write(SqliteSession session, long id, long version, long length, long now) =>
        session.Statement(SetContent).Bind(version).Bind(length).Bind(now).Bind(id).Run();

    /// <summary>Gives the name in a row another place.</summary>
    public static void Move(SqliteSession session, long id, long parent, string name, long now) =>
        session.Statement(SetPlace).Bind(parent).Bind(name).Bind(now).Bind(id).Run();

    public static void Share(SqliteSession session, long id, bool shared) =>
        session.Statement(SetShared).Bind(shared ? 1 : 0).Bind(id).Run();

    /// <summary>Removes a name; with the last one of an inode the inode goes. Where the first one is removed, the next moves into its row.</summary>
    /// <returns>The row that the first name was in until now; null where it is the same.</returns>
    public static long? Remove(SqliteSession session, NodeRow name, long now)
    {
        var heir = name.Entry == name.Id && name.Links > 1 ? Names(session, name.Id)[1] : null;
        session.Statement(SetRemoved).Bind(now).Bind((heir ?? name).Entry).Run();
        if (name.Links > 1)
            session.Statement(AddLinks).Bind(-1).Bind(name.Id).Run();
        if (heir is not null)
            Move(session, name.Id, heir.Parent, heir.Name, name.Modified);
        return heir?.Entry;
    }

    private static long Added(SqliteSession session)
    {
        using var identity = session.Statement(Identity);
        identity.Step();
        return identity.Number(0);
    }

    private static NodeRow Row(SqliteStatement row) => new(
        row.Number(0),
        row.Number(1),
        row.Number(2),
        row.Text(3),
        (NodeKind)row.Number(4),
        row.Text(5),
        row.Number(6) != 0,
        row.Number(7),
        row.Number(8),
        row.Number(9),
        row.Number(10),
        (int)row.Number(11),
        row.Text(12));
}
