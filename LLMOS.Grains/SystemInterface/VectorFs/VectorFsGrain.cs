using System.Collections.Immutable;
using System.Globalization;
using System.Numerics.Tensors;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.VectorFs.Views;
using Orleans.Concurrency;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>Files, on a store that keeps them. It reads what a path says, embeds what is written, and asks the index what is near. It keeps nothing, and while one change waits for the disk others join its commit.</summary>
[StatelessWorker, Reentrant]
internal sealed partial class VectorFsGrain(IFileStore store, FileChunker chunker, IVectorSpace space, SemanticSearch search, IEnumerable<ISystemView> views, TimeProvider time) : Grain, IVectorFsGrain
{
    private const int MaxListed = 10_000;
    private const int MaxMatches = 1_000;
    private const int LongestMatch = 200;

    public Task<FileNode?> StatAsync(string path, bool followLink = true) => FindAsync(followLink ? Followed(path) : Named(path));

    public async Task<ImmutableArray<FileNode>> ListAsync(string path, string after = "", int limit = 1_000)
    {
        ArgumentNullException.ThrowIfNull(after);
        CheckLimit(limit, MaxListed);
        var node = await ExistingAsync(Followed(path));
        return node.Kind == NodeKind.File ? [node]
            : ViewOf(node.Path) is { } view ? await view.ListAsync(node.Path, after, limit)
            : [.. store.List(node.Path, after, limit)];
    }

    public async Task<string> ReadAsync(string path, long? version = null)
    {
        var normal = Followed(path);
        if (ViewOf(normal) is not { } view || normal == view.Path)
        {
            return store.Read(normal, version);
        }

        return await view.ReadAsync(version is null ? normal : Versioned(normal)) ?? throw NothingAt(normal);
    }

    public Task<FileNode> WriteAsync(string path, string text, long? expected = null) =>
        PutAsync(Writable(Followed(path)), text, expected, "written");

    public async Task<FileNode> AppendAsync(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var normal = Writable(Followed(path));
        EnsureCanBeFile(normal);
        FileRules.CheckContent(normal, text);

        // All its names are one queue. That some may wait in another one while it gets its second name, harms nothing but their turn.
        var queue = store.Find(normal) is { Links: > 1 } several ? several.Inode.ToString(CultureInfo.InvariantCulture) : normal;
        var node = await GrainFactory.GetGrain<IFileAppendGrain>(queue).AppendAsync(normal, text);
        TellWritten(node);
        return node;
    }

    public async Task<FileNode> MakeDirectoryAsync(string path)
    {
        var normal = Writable(Followed(path));
        var author = Author();
        var missing = new Stack<string>();
        for (var directory = normal; store.Find(directory) is null; directory = VfsPath.ParentOf(directory))
        {
            missing.Push(directory);
        }

        while (missing.TryPop(out var directory))
        {
            await store.MakeDirectoryAsync(directory, chunker.OfName(directory), author);
            Tell(FileEventKind.Made, directory);
        }

        var made = await ExistingAsync(normal);
        return made.Kind == NodeKind.Directory ? made : throw LlmosException.Refused($"{normal} is a file: use another name for the directory.");
    }

    public async Task<FileNode> MoveAsync(string path, string to)
    {
        var from = Removable(Named(path));
        if (from == VfsPath.Root)
        {
            throw LlmosException.Refused("/ is the root of all and stays where it is.");
        }

        var target = Named(to);
        if (target != from)
        {
            target = InDirectory(target, VfsPath.NameOf(from));
        }

        if (VfsPath.IsWithin(target, from))
        {
            throw LlmosException.Refused($"{from} cannot be moved to {target}, which is itself or lies in it.");
        }

        var moved = await store.MoveAsync(from, Writable(target), chunker.OfName(target), Author());
        Tell(FileEventKind.Moved, target, moved.Version, from);
        return moved;
    }

    public async Task<FileNode> LinkAsync(string path, string to)
    {
        var from = Writable(Named(path));
        if (store.Find(from) is { Kind: not NodeKind.File } other)
        {
            throw LlmosException.Refused(other.Kind == NodeKind.Directory
                ? $"{from} is a directory, and only files have several names: make a symbolic link to it (llmos fs ln -s)."
                : $"{from} is a symbolic link, and has one name: make another one to '{other.Target}' (llmos fs ln -s).");
        }

        var target = Writable(InDirectory(Named(to), VfsPath.NameOf(from)));
        var linked = await store.LinkAsync(from, target, chunker.OfName(target), Author());
        Tell(FileEventKind.Linked, target, linked.Version, from);
        return linked;
    }

    public async Task<FileNode> LinkSymbolicallyAsync(string target, string path)
    {
        ArgumentNullException.ThrowIfNull(target);
        var link = Named(path);
        var name = VfsPath.NameOf(target.TrimEnd('/'));
        link = Writable(name.Length > 0 ? InDirectory(link, name) : link);
        if (link == VfsPath.Root)
        {
            throw LlmosException.Refused("/ is the root of all and no link: name a path in it.");
        }

        // What it leads to is looked at when it is used; that it can be a path at all is looked at now.
        VfsPath.Normalize(target, VfsPath.ParentOf(link));
        var linked = await store.LinkSymbolicallyAsync(target, link, Author());
        Tell(FileEventKind.Linked, link, 0, target);
        return linked;
    }

    public async Task<ImmutableArray<string>> GetPathsAsync(string path)
    {
        var node = await ExistingAsync(Named(path));
        return node.Links > 1 ? [.. store.Paths(node.Path)] : [node.Path];
    }

    public Task<FileNode?> StatInodeAsync(long inode) => Task.FromResult(store.Find(inode));

    public async Task<int> RemoveAsync(string path, bool recursive = false)
    {
        var normal = Named(path);
        if (normal == VfsPath.Root)
        {
            throw LlmosException.Refused("/ is the root of all and cannot be removed: name what is in it.");
        }

        var removed = await store.RemoveAsync(Removable(normal), recursive, Author());
        Tell(FileEventKind.Removed, normal);
        return removed;
    }

    public async Task<FileNode> ShareAsync(string path, bool shared)
    {
        var node = await store.ShareAsync(Writable(Followed(path)), shared, Author());
        Tell(FileEventKind.Shared, node.Path, node.Version);
        return node;
    }

    public Task<ImmutableArray<FileVersion>> GetHistoryAsync(string path) =>
        Task.FromResult<ImmutableArray<FileVersion>>([.. store.History(Versioned(Followed(path)))]);

    public async Task<FileNode> RollbackAsync(string path, long? version = null)
    {
        var normal = Writable(Followed(path));
        var node = await ExistingAsync(normal);
        if (version is null && node is { Kind: NodeKind.File, Version: 1 })
        {
            throw LlmosException.Refused($"{normal} has one version only: there is none to go back to.");
        }

        var wanted = version ?? node.Version - 1;
        return await PutAsync(normal, store.Read(normal, wanted), node.Version, $"rolled back to version {wanted}");
    }

    public async Task<ImmutableArray<FileMatch>> GrepAsync(string pattern, string path, int limit = 1_000)
    {
        CheckLimit(limit, MaxMatches);
        if (string.IsNullOrEmpty(pattern))
        {
            throw LlmosException.InvalidArgument("The text to look for is empty: give at least one character.");
        }

        var normal = (await ExistingAsync(Followed(path))).Path;
        var matches = ImmutableArray.CreateBuilder<FileMatch>();
        if (ViewOf(normal) is { } view)
        {
            await foreach (var (file, text) in WalkAsync(view, normal))
            {
                if (!Match(file, text))
                {
                    break;
                }
            }
        }
        else
        {
            store.Walk(normal, Match);
        }

        return matches.ToImmutable();

        bool Match(string file, string text)
        {
            var number = 0;
            foreach (var line in text.AsSpan().EnumerateLines())
            {
                number++;
                if (matches.Count < limit && line.Contains(pattern, StringComparison.OrdinalIgnoreCase))
                {
                    matches.Add(new FileMatch(file, NodeKind.File, number, Shortened(line.Trim()), Similarity: 0));
                }
            }

            return matches.Count < limit;
        }
    }

    public async Task<ImmutableArray<FileMatch>> SearchAsync(string query, string path, int limit = 20, DateTimeOffset? asOf = null)
    {
        CheckLimit(limit, MaxMatches);
        CheckMeaning(query);
        var normal = (await ExistingAsync(Followed(path))).Path;
        if (ViewOf(normal) is { } view)
        {
            return await SearchViewAsync(view, normal, query, limit);
        }

        var found = asOf is { } time ? search.FindAsOf(query, normal, limit, time) : await search.FindAsync(query, normal, limit);
        return [.. found.Select(match => match with { Text = Shortened(match.Text) })];
    }

    public async Task<ImmutableArray<FileMatch>> ListSimilarAsync(string path, string meaning, int limit = 1_000)
    {
        CheckLimit(limit, MaxMatches);
        CheckMeaning(meaning);
        var node = await ExistingAsync(Followed(path));
        var directory = node.Kind == NodeKind.Directory ? node.Path : VfsPath.ParentOf(node.Path);
        if (ViewOf(directory) is { } view)
        {
            return await SearchViewAsync(view, directory, meaning, limit);
        }

        var found = await search.FindInDirectoryAsync(meaning, directory, limit);
        return [.. found.Select(match => match with { Text = Shortened(match.Text) })];
    }

    public async Task<FileNode> FindDirectoryAsync(string pathOrMeaning, string workingDirectory = VfsPath.Root)
    {
        ArgumentNullException.ThrowIfNull(pathOrMeaning);
        try
        {
            if (await FindAsync(Followed(VfsPath.Normalize(pathOrMeaning, VfsPath.Normalize(workingDirectory)))) is { } node)
            {
                return node.Kind == NodeKind.Directory ? node : throw LlmosException.Refused($"{node.Path} is a file, not a directory.");
            }
        }
        catch (LlmosException wrong) when (wrong.Code == LlmosErrorCode.InvalidArgument && !pathOrMeaning.Contains('/', StringComparison.Ordinal))
        {
            // It was a sentence, not a path.
        }

        var isPath = pathOrMeaning.StartsWith('/') || pathOrMeaning.StartsWith('.');
        var found = isPath ? null : await search.FindDirectoryAsync(pathOrMeaning);
        return found is null ? throw NothingAt(pathOrMeaning) : await ExistingAsync(found);
    }

    private async Task<FileNode> PutAsync(string path, string text, long? expected, string change)
    {
        ArgumentNullException.ThrowIfNull(text);
        EnsureCanBeFile(path);
        FileRules.CheckContent(path, text);
        var node = await store.WriteAsync(new FileChange(path, text, chunker.Cut(path, text), expected, Author(), change));
        TellWritten(node);
        return node;
    }

    private static void EnsureCanBeFile(string path)
    {
        if (path == VfsPath.Root)
        {
            throw LlmosException.Refused("/ is a directory: name a file in it.");
        }
    }

    private void TellWritten(FileNode node)
    {
        foreach (var name in node.Links > 1 ? store.Paths(node.Path) : [node.Path])
        {
            Tell(FileEventKind.Written, name, node.Version);
        }
    }

    /// <summary>Says what was stored, to whoever watches. Nobody waits for that.</summary>
    private void Tell(FileEventKind kind, string path, long version = 0, string from = "") =>
        GrainFactory.GetGrain<IFileWatchGrain>(0).TellAsync(new FileEvent(kind, path, from, version, Author().Name, time.GetUtcNow())).Ignore();

    /// <summary>A path with all its symbolic links followed: what is read, written and listed.</summary>
    private string Followed(string path) => store.Resolve(VfsPath.Normalize(path), followLast: true);

    /// <summary>A path whose last name stands for itself, a symbolic link too: what is moved, removed and made.</summary>
    private string Named(string path) => store.Resolve(VfsPath.Normalize(path), followLast: false);

    /// <summary>The path itself or, where a directory is or a link to one, that of a name in it.</summary>
    private string InDirectory(string path, string name) => store.Resolve(path, followLast: true) is var followed && store.Find(followed) is { Kind: NodeKind.Directory }
        ? VfsPath.Normalize(name, followed)
        : path;

    private async Task<FileNode> ExistingAsync(string path) => await FindAsync(path) ?? throw NothingAt(path);

    /// <summary>What is at a path: in a view as it is now, else as it is stored. The directory of a view is itself stored.</summary>
    private async Task<FileNode?> FindAsync(string path) =>
        ViewOf(path) is { } view && path != view.Path ? await view.FindAsync(path) : store.Find(path);

    private ISystemView? ViewOf(string path) => views.FirstOrDefault(view => VfsPath.IsWithin(path, view.Path));

    private string Writable(string path) => ViewOf(path) is { } view && path != view.Path
        ? throw LlmosException.Refused($"{path} cannot be changed: {view.Path} shows the system as it is now.")
        : path;

    private string Removable(string path) => ViewOf(path) is { } view && path == view.Path
        ? throw LlmosException.Refused($"{path} is neither moved nor removed: it shows the system as it is now.")
        : Writable(path);

    private string Versioned(string path) => ViewOf(path) is { } view && path != view.Path
        ? throw LlmosException.Refused($"{path} has no versions: {view.Path} shows the system as it is now.")
        : path;

    /// <summary>What a view shows below a directory, nearest to a meaning first. There is no index of it: it is another at every moment.</summary>
    private async Task<ImmutableArray<FileMatch>> SearchViewAsync(ISystemView view, string path, string meaning, int limit)
    {
        var wanted = space.Embed(meaning);
        var found = new List<FileMatch>();
        await foreach (var (file, text) in WalkAsync(view, path))
        {
            var about = $"{FileRules.WordsOf(VfsPath.NameOf(file))}\n{text}";
            found.Add(new FileMatch(file, NodeKind.File, 1, Shortened(text.AsSpan().TrimStart().ToString().Split('\n')[0]), TensorPrimitives.Dot(space.Embed(about), wanted)));
        }

        return [.. found.OrderByDescending(match => match.Similarity).ThenBy(match => match.Path, StringComparer.Ordinal).Take(limit)];
    }

    private async IAsyncEnumerable<(string Path, string Text)> WalkAsync(ISystemView view, string path)
    {
        if (await FindAsync(path) is { Kind: NodeKind.File })
        {
            yield return (path, await view.ReadAsync(path) ?? "");
            yield break;
        }

        foreach (var node in await view.ListAsync(path, "", MaxMatches))
        {
            await foreach (var below in WalkAsync(view, node.Path))
            {
                yield return below;
            }
        }
    }

    private static FileAuthor Author() => FileAuthor.Of(CallerContext.Behalf ?? Caller.Kernel);

    private static LlmosException NothingAt(string path) => LlmosException.NotFound($"There is nothing at '{Shortened(path)}': ls lists what there is.");

    private static string Shortened(ReadOnlySpan<char> text) => text.Length <= LongestMatch ? text.ToString() : string.Concat(text[..LongestMatch], "…");

    private static void CheckLimit(int limit, int most)
    {
        if (limit < 1 || limit > most)
        {
            throw LlmosException.InvalidArgument($"A limit of {limit} is outside 1 to {most}.");
        }
    }

    private static void CheckMeaning(string meaning)
    {
        if (string.IsNullOrWhiteSpace(meaning))
        {
            throw LlmosException.InvalidArgument("What to look for is empty: say what it should be about.");
        }
    }
}
