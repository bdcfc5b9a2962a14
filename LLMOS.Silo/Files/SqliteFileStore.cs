using System.Globalization;
using System.Text;
using LLMOS.Kernel.Memory;
using LLMOS.Silo.Storage;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Files;

/// <summary>VectorFS in a node's store: a change is one transaction, with content, vectors, words and version.</summary>
public sealed partial class SqliteFileStore(SqliteStore store, IVectorSpace space, TimeProvider time) : IFileStore
{
    private const string InsertVersion = "INSERT INTO file_version (node, version, at, author, change, length, content) VALUES (?, ?, ?, ?, ?, ?, ?)";
    private const string SelectVersion = "SELECT content FROM file_version WHERE node = ? AND version = ?";
    private const string Versions = "SELECT version, at, author, change, length FROM file_version WHERE node = ? ORDER BY version";

    /// <inheritdoc />
    public FileNode? Find(string path) => store.Read(path, static (session, path) => NodeTable.Find(session, path)?.ToNode(path));

    /// <inheritdoc />
    public FileNode? Find(long inode) => store.Read(inode, static (session, inode) =>
        NodeTable.InUse(session, inode) is { Kind: NodeKind.File } row ? row.ToNode(NodeTable.PathOf(session, row)) : null);

    /// <inheritdoc />
    public IReadOnlyList<FileNode> List(string path, string after, int limit) => store.Read((path, after, limit), static (session, key) =>
    {
        var children = NodeTable.Children(session, NodeTable.Directory(session, key.path).Id, key.after, key.limit);
        return children.ConvertAll(child => child.ToNode(VfsPath.Normalize(child.Name, key.path)));
    });

    /// <inheritdoc />
    public IReadOnlyList<string> Paths(string path) => store.Read(path, static (session, path) =>
        NodeTable.Names(session, NodeTable.Existing(session, path).Id).ConvertAll(name => NodeTable.PathOf(session, name)).Order(StringComparer.Ordinal).ToList());

    /// <inheritdoc />
    public string Read(string path, long? version) => store.Read((path, version), static (session, key) =>
    {
        var file = NodeTable.File(session, key.path);
        using var rows = session.Statement(SelectVersion).Bind(file.Id).Bind(key.version ?? file.Version);
        return rows.Step() ? rows.Text(0) : throw LlmosException.NotFound(string.Create(
            CultureInfo.InvariantCulture, $"{key.path} has no version {key.version}: it has 1 to {file.Version}, and history lists them."));
    });

    /// <inheritdoc />
    public IReadOnlyList<FileVersion> History(string path) => store.Read(path, static (session, path) =>
    {
        var file = NodeTable.File(session, path);
        using var rows = session.Statement(Versions).Bind(file.Id);
        var versions = new List<FileVersion>();
        while (rows.Step())
            versions.Add(new FileVersion(rows.Number(0), new DateTimeOffset(rows.Number(1), TimeSpan.Zero), rows.Text(2), rows.Text(3), rows.Number(4)));
        return versions;
    });

    /// <inheritdoc />
    public Task<FileNode> WriteAsync(FileChange change) => store.WriteAsync(session => Write(session, change));

    /// <inheritdoc />
    public Task<FileNode> AppendAsync(string path, Func<string, FileChange> change) => store.WriteAsync(session =>
    {
        var before = "";
        if (NodeTable.Find(session, path) is { Kind: NodeKind.File } file)
        {
            using var rows = session.Statement(SelectVersion).Bind(file.Id).Bind(file.Version);
            before = rows.Step() ? rows.Text(0) : "";
        }
        return Write(session, change(before));
    });

    private FileNode Write(SqliteSession session, FileChange change)
    {
        var directory = NodeTable.Directory(session, VfsPath.ParentOf(change.Path));
        var name = VfsPath.NameOf(change.Path);
        var row = NodeTable.Child(session, directory.Id, name);
        if (row is not null)
        {
            if (row.Kind != NodeKind.File)
                throw LlmosException.Refused($"{change.Path} is a {row.Kind.Word()}: name a file{(row.Kind == NodeKind.Directory ? " in it" : "")}.");
            EnsureMayWrite(row, change.Path, change.Author);
        }

        var before = row?.Version ?? 0;
        if (change.Expected is { } expected && expected != before)
            throw LlmosException.Refused(string.Create(
                CultureInfo.InvariantCulture, $"{change.Path} is at version {before}, not {expected}: somebody else wrote it; read it and write again."));

        var now = Now();
        var length = Encoding.UTF8.GetByteCount(change.Text);
        var id = row?.Id ?? NodeTable.Add(session, directory.Id, name, NodeKind.File, change.Author.Principal, 1, length, now);
        session.Statement(InsertVersion)
            .Bind(id).Bind(before + 1).Bind(now).Bind(change.Author.Name).Bind(change.Change).Bind(length).Bind(change.Text)
            .Run();
        if (row is null)
        {
            foreach (var chunk in change.Chunks)
                ChunkTable.Add(session, id, id, directory.Id, chunk, now);
            return NodeTable.Get(session, id)!.ToNode(change.Path);
        }

        NodeTable.Write(session, id, before + 1, length, now);
        foreach (var entry in row.Links > 1 ? NodeTable.Names(session, id) : [row])
        {
            // What a name says stays as it is.
            var chunks = ChunkTable.Remove(session, id, entry.Entry, now).Where(chunk => chunk.Line == 0).Concat(change.Chunks.Where(chunk => chunk.Line > 0));
            foreach (var chunk in chunks)
                ChunkTable.Add(session, id, entry.Entry, entry.Parent, chunk, now);
        }
        return NodeTable.Get(session, row.Entry)!.ToNode(change.Path);
    }

    /// <inheritdoc />
    public Task<FileNode> MakeDirectoryAsync(string path, FileChunk name, FileAuthor author) => store.WriteAsync(session =>
    {
        var directory = NodeTable.Directory(session, VfsPath.ParentOf(path));
        if (NodeTable.Child(session, directory.Id, VfsPath.NameOf(path)) is { } there)
            return there.Kind == NodeKind.Directory ? there.ToNode(path) : throw LlmosException.Refused($"{path} is a {there.Kind.Word()}: use another name for the directory.");
        var now = Now();
        var id = NodeTable.Add(session, directory.Id, VfsPath.NameOf(path), NodeKind.Directory, author.Principal, 0, 0, now);
        ChunkTable.Add(session, id, id, directory.Id, name, now);
        return NodeTable.Get(session, id)!.ToNode(path);
    });

    /// <inheritdoc />
    public Task<FileNode> MoveAsync(string path, string to, FileChunk name, FileAuthor author) => store.WriteAsync(session =>
    {
        var row = NodeTable.Existing(session, path);
        EnsureOwns(row, path, author, "move");
        var directory = FreePlace(session, to);
        if (NodeTable.Tree(session, row.Entry).Contains(directory.Id))
            throw LlmosException.Refused($"{path} cannot be moved to {to}, which lies in it.");
        var now = Now();
        NodeTable.Move(session, row.Entry, directory.Id, VfsPath.NameOf(to), now);

        // Its pieces are found by the directory they lie in, and by another name.
        var chunks = ChunkTable.Remove(session, row.Id, row.Entry, now);
        if (row.Kind != NodeKind.SymbolicLink)
            ChunkTable.Add(session, row.Id, row.Entry, directory.Id, name, now);
        foreach (var chunk in chunks.Where(chunk => chunk.Line > 0))
            ChunkTable.Add(session, row.Id, row.Entry, directory.Id, chunk, now);
        return NodeTable.Get(session, row.Entry)!.ToNode(to);
    });

    /// <inheritdoc />
    public Task<int> RemoveAsync(string path, bool recursive, FileAuthor author) => store.WriteAsync(session =>
    {
        var row = NodeTable.Existing(session, path);
        var tree = NodeTable.Tree(session, row.Entry);
        if (tree.Count > 1 && !recursive)
            throw LlmosException.Refused(string.Create(
                CultureInfo.InvariantCulture, $"{path} is not empty, {tree.Count - 1} files and directories lie in it: remove them first, or all of it recursively."));
        foreach (var entry in tree)
            EnsureOwns(NodeTable.Get(session, entry)!, entry == row.Entry ? path : NodeTable.PathOf(session, NodeTable.Get(session, entry)!), author, "remove");
        var now = Now();

        // Further names first: no name of the tree takes the place of one that was removed.
        foreach (var name in tree.Select(entry => NodeTable.Get(session, entry)!).OrderBy(name => name.Entry == name.Id).ToList())
            Remove(session, name, now);
        return tree.Count;
    });

    /// <inheritdoc />
    public Task<FileNode> ShareAsync(string path, bool shared, FileAuthor author) => store.WriteAsync(session =>
    {
        var row = NodeTable.Existing(session, path);
        EnsureOwns(row, path, author, "share");
        NodeTable.Share(session, row.Id, shared);
        return (row with { IsShared = shared }).ToNode(path);
    });

    /// <summary>Removes a name, with what is not there any more without it.</summary>
    private static void Remove(SqliteSession session, NodeRow name, long now)
    {
        // How many names are left is known when it is its turn.
        var current = NodeTable.Get(session, name.Entry)!;
        ChunkTable.Remove(session, current.Id, current.Entry, now);
        if (NodeTable.Remove(session, current, now) is { } first)
            ChunkTable.BecomeFirst(session, current.Id, first);
    }

    private long Now() => time.GetUtcNow().UtcTicks;

    private static void EnsureMayWrite(NodeRow row, string path, FileAuthor author)
    {
        if (!row.IsShared)
            EnsureOwns(row, path, author, "write");
    }

    private static void EnsureOwns(NodeRow row, string path, FileAuthor author, string what)
    {
        if (!author.IsAdministrator && row.Owner != author.Principal)
            throw LlmosException.Denied($"{author.Name} may not {what} {path}: it is of {row.Owner}.");
    }
}
