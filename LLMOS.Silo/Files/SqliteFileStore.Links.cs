using System.Text;
using LLMOS.Silo.Storage;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Files;

// Further names of files, and names that stand for a path.
public sealed partial class SqliteFileStore
{
    // As Linux bounds it.
    private const int MostFollowed = 40;

    /// <inheritdoc />
    public string Resolve(string path, bool followLast) =>
        store.Read((path, followLast), static (session, key) => Resolve(session, key.path, key.followLast, avoided: ""));

    /// <inheritdoc />
    public Task<FileNode> LinkAsync(string path, string to, FileChunk name, FileAuthor author) => store.WriteAsync(session =>
    {
        var row = NodeTable.File(session, path);
        EnsureOwns(row, path, author, "link");
        var directory = FreePlace(session, to);
        var now = Now();
        var entry = NodeTable.AddName(session, row.Id, directory.Id, VfsPath.NameOf(to), now);
        ChunkTable.Add(session, row.Id, entry, directory.Id, name, now);
        foreach (var chunk in ChunkTable.Of(session, row.Id, row.Entry).Where(chunk => chunk.Line > 0))
            ChunkTable.Add(session, row.Id, entry, directory.Id, chunk, now);
        return NodeTable.Get(session, entry)!.ToNode(to);
    });

    /// <inheritdoc />
    public Task<FileNode> LinkSymbolicallyAsync(string target, string path, FileAuthor author) => store.WriteAsync(session =>
    {
        var directory = FreePlace(session, path);
        Resolve(session, VfsPath.Normalize(target, VfsPath.ParentOf(path)), followLast: true, avoided: path);
        var id = NodeTable.Add(session, directory.Id, VfsPath.NameOf(path), NodeKind.SymbolicLink, author.Principal, 0, Encoding.UTF8.GetByteCount(target), Now());
        NodeTable.Lead(session, id, target);
        return NodeTable.Get(session, id)!.ToNode(path);
    });

    /// <summary>The directory of a path at which nothing is.</summary>
    private static NodeRow FreePlace(SqliteSession session, string path)
    {
        var directory = NodeTable.Directory(session, VfsPath.ParentOf(path));
        return NodeTable.Child(session, directory.Id, VfsPath.NameOf(path)) is null
            ? directory
            : throw LlmosException.Refused($"There is something at {path} already: remove it first, or use another name.");
    }

    /// <param name="session">Where the tree is read.</param>
    /// <param name="path">The path.</param>
    /// <param name="followLast">Whether a link at the path itself is followed.</param>
    /// <param name="avoided">The path of a link that is about to be made, which the way must not come to; empty for none.</param>
    private static string Resolve(SqliteSession session, string path, bool followLast, string avoided)
    {
        var names = new Stack<string>();
        Push(names, path);
        var (current, followed) = (VfsPath.Root, 0);
        var directory = NodeTable.Get(session, FileSchema.RootId);
        while (names.TryPop(out var name))
        {
            var next = current == VfsPath.Root ? current + name : $"{current}/{name}";
            if (next == avoided)
                throw LlmosException.Refused($"{avoided} would lead to itself: let it lead to something else.");
            var row = directory is null ? null : NodeTable.Child(session, directory.Id, name);
            if (row is { Kind: NodeKind.SymbolicLink } && (names.Count > 0 || followLast))
            {
                if (++followed > MostFollowed)
                    throw LlmosException.Refused($"{path} leads through more than {MostFollowed} symbolic links, as those do that lead in a circle; one of them is {next}, to '{row.Target}': remove it, or let it lead to something else.");
                Push(names, VfsPath.Normalize(row.Target, current));
                (current, directory) = (VfsPath.Root, NodeTable.Get(session, FileSchema.RootId));
                continue;
            }
            (current, directory) = (next, row is { Kind: NodeKind.Directory } ? row : null);
        }
        return followed > 0 ? VfsPath.Normalize(current) : current;
    }

    private static void Push(Stack<string> names, string path)
    {
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            names.Push(name);
    }
}
