using System.Collections.Immutable;
using System.Text;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Tests.Mounting;

/// <summary>VectorFS in memory, as its contract says it is, for one caller.</summary>
internal sealed class FakeFiles : IVectorFsGrain
{
    private static long _lastInode;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, FileNode> _nodes = new(StringComparer.Ordinal) { ["/"] = Node("/", NodeKind.Directory) };
    private readonly Dictionary<string, List<(string Text, string Change)>> _versions = [];

    /// <summary>What every call fails with; null for none.</summary>
    public LlmosException? Failing { get; set; }

    /// <summary>What reading waits for.</summary>
    public Task Reading { get; set; } = Task.CompletedTask;

    /// <summary>What the next searches find.</summary>
    public ImmutableArray<FileMatch> Found { get; set; } = [];

    public int Searches { get; private set; }

    /// <summary>The texts of a file's versions, oldest first; empty for no file.</summary>
    public IReadOnlyList<string> VersionsOf(string path)
    {
        lock (_lock)
        {
            return [.. _versions.GetValueOrDefault(path, []).Select(version => version.Text)];
        }
    }

    public Task<FileNode?> StatAsync(string path, bool followLink = true) => Do(() =>
        _nodes.GetValueOrDefault(VfsPath.Normalize(path)) is { Kind: NodeKind.SymbolicLink } link && followLink
            ? _nodes.GetValueOrDefault(VfsPath.Normalize(link.Target, VfsPath.ParentOf(link.Path)))
            : _nodes.GetValueOrDefault(VfsPath.Normalize(path)));

    public Task<ImmutableArray<FileNode>> ListAsync(string path, string after = "", int limit = 1000) => Do<ImmutableArray<FileNode>>(() =>
        Existing(path).Kind == NodeKind.File ? [Existing(path)]
        : [.. _nodes.Values.Where(node => node.Path != "/" && VfsPath.ParentOf(node.Path) == path && string.CompareOrdinal(VfsPath.NameOf(node.Path), after) > 0).Take(limit)]);

    public async Task<string> ReadAsync(string path, long? version = null)
    {
        await Reading;
        return await Do(() => _versions[Existing(path).Path][(int)(version ?? _nodes[path].Version) - 1].Text);
    }

    public Task<FileNode> WriteAsync(string path, string text, long? expected = null) => Do(() => Put(path, text, expected, "written"));

    public Task<FileNode> AppendAsync(string path, string text) => Do(() => Put(path, _versions.GetValueOrDefault(path)?[^1].Text + text, null, "appended"));

    public Task<FileNode> MakeDirectoryAsync(string path) => Do(() => _nodes.TryGetValue(path, out var there) ? there : (_nodes[path] = Node(path, NodeKind.Directory)));

    public Task<FileNode> MoveAsync(string path, string to) => Do(() =>
    {
        _ = Existing(path);
        if (_nodes.ContainsKey(to))
        {
            throw LlmosException.Refused($"There is something at {to} already.");
        }

        foreach (var from in _nodes.Keys.Where(key => VfsPath.IsWithin(key, path)).ToArray())
        {
            var target = to + from[path.Length..];
            _nodes.Remove(from, out var node);
            _nodes[target] = node! with { Path = target };
            if (_versions.Remove(from, out var versions))
            {
                _versions[target] = versions;
            }
        }

        return _nodes[to];
    });

    public Task<FileNode> LinkAsync(string path, string to) => Do(() =>
    {
        if (_nodes.ContainsKey(to))
        {
            throw LlmosException.Refused($"There is something at {to} already.");
        }

        _versions[to] = _versions[Existing(path).Path];
        _nodes[to] = _nodes[path] with { Path = to };
        return Spread(_nodes[to] with { Links = _nodes[to].Links + 1 });
    });

    public Task<FileNode> LinkSymbolicallyAsync(string target, string path) => Do(() => VfsPath.Normalize(target, VfsPath.ParentOf(path)) == path
        ? throw LlmosException.Refused($"{path} would lead to itself.")
        : (_nodes[path] = Node(path, NodeKind.SymbolicLink) with { Target = target, Length = Encoding.UTF8.GetByteCount(target) }));

    public Task<ImmutableArray<string>> GetPathsAsync(string path) => Do<ImmutableArray<string>>(() =>
        [.. _nodes.Values.Where(node => node.Inode == Existing(path).Inode).Select(node => node.Path)]);

    public Task<FileNode?> StatInodeAsync(long inode) => Do(() => _nodes.Values.FirstOrDefault(node => node.Inode == inode));

    public Task<int> RemoveAsync(string path, bool recursive = false) => Do(() =>
    {
        _ = Existing(path);
        if (_nodes.Keys.Any(key => key != path && VfsPath.IsWithin(key, path)))
        {
            throw LlmosException.Refused($"{path} is not empty.");
        }

        _nodes.Remove(path, out var gone);
        _versions.Remove(path);
        if (gone is { Links: > 1 })
        {
            Spread(gone with { Links = gone.Links - 1 });
        }

        return 1;
    });

    public Task<FileNode> ShareAsync(string path, bool shared) => Do(() => _nodes[path] = Existing(path) with { IsShared = shared });

    public Task<ImmutableArray<FileVersion>> GetHistoryAsync(string path) => Do<ImmutableArray<FileVersion>>(() =>
        [.. _versions[Existing(path).Path].Select((version, index) => new FileVersion(index + 1, DateTimeOffset.UnixEpoch, "somebody", version.Change, version.Text.Length))]);

    public Task<ImmutableArray<FileMatch>> SearchAsync(string query, string path, int limit = 20, DateTimeOffset? asOf = null) => Do(() =>
    {
        Searches++;
        return Found;
    });

    public Task<FileNode> RollbackAsync(string path, long? version = null) => throw new NotSupportedException();

    public Task<FilePage> FindAsync(string path, FileFilter filter, string after = "", int limit = 1000) => throw new NotSupportedException();

    public Task<ImmutableArray<FileMatch>> GrepAsync(string pattern, string path, int limit = 1000) => throw new NotSupportedException();

    public Task<ImmutableArray<FileMatch>> ListSimilarAsync(string path, string meaning, int limit = 1000) => throw new NotSupportedException();

    public Task<FileNode> FindDirectoryAsync(string pathOrMeaning, string workingDirectory = "/") => throw new NotSupportedException();

    private FileNode Put(string path, string text, long? expected, string change)
    {
        var before = _nodes.GetValueOrDefault(path);
        if (before is { Kind: NodeKind.Directory } || (expected is not null && expected != (before?.Version ?? 0)))
        {
            throw LlmosException.Refused($"{path} is at version {before?.Version}, not {expected}.");
        }

        if (!_versions.TryGetValue(path, out var versions))
        {
            versions = _versions[path] = [];
        }

        versions.Add((text, change));
        return Spread(_nodes[path] = (before ?? Node(path, NodeKind.File)) with { Version = versions.Count, Length = Encoding.UTF8.GetByteCount(text) });
    }

    /// <summary>All names of a file say the same.</summary>
    private FileNode Spread(FileNode changed)
    {
        foreach (var name in _nodes.Values.Where(node => node.Inode == changed.Inode).Select(node => node.Path).ToArray())
        {
            _nodes[name] = changed with { Path = name };
        }

        return changed;
    }

    private FileNode Existing(string path) => _nodes.GetValueOrDefault(path) ?? throw LlmosException.NotFound($"There is nothing at {path}.");

    private static FileNode Node(string path, NodeKind kind) =>
        new() { Inode = Interlocked.Increment(ref _lastInode), Path = path, Kind = kind, Owner = "owner", CreatedAt = DateTimeOffset.UnixEpoch, ModifiedAt = DateTimeOffset.UnixEpoch.AddSeconds(1.5) };

    private Task<T> Do<T>(Func<T> call)
    {
        lock (_lock)
        {
            try
            {
                return Failing is { } failing ? Task.FromException<T>(failing) : Task.FromResult(call());
            }
            catch (LlmosException refused)
            {
                return Task.FromException<T>(refused);
            }
        }
    }
}
