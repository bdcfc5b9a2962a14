using System.Collections.Immutable;
using System.Text;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.VectorFs.Views;

/// <summary>A view that is a directory of files.</summary>
internal abstract class FlatView : ISystemView
{
    public abstract string Path { get; }

    public async Task<FileNode?> FindAsync(string path) => NameIn(path) is { } name && await FileAsync(name) is { } file ? NodeOf(file) : null;

    public async Task<ImmutableArray<FileNode>> ListAsync(string path, string after, int limit) =>
    [
        .. (await FilesAsync())
            .Where(file => string.CompareOrdinal(file.Name, after) > 0)
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Take(limit)
            .Select(NodeOf),
    ];

    public async Task<string?> ReadAsync(string path) => NameIn(path) is { } name ? (await FileAsync(name))?.Text : null;

    /// <summary>All there is now.</summary>
    protected abstract Task<IEnumerable<ViewFile>> FilesAsync();

    /// <summary>One of it; null where there is none.</summary>
    protected virtual async Task<ViewFile?> FileAsync(string name) => (await FilesAsync()).FirstOrDefault(file => file.Name == name);

    private string? NameIn(string path) => VfsPath.ParentOf(path) == Path ? VfsPath.NameOf(path) : null;

    private FileNode NodeOf(ViewFile file) => new()
    {
        Path = $"{Path}/{file.Name}",
        Kind = NodeKind.File,
        Length = Encoding.UTF8.GetByteCount(file.Text),
        Owner = file.Owner.Length > 0 ? file.Owner : Caller.KernelPrincipal,
        Version = file.Version,
        CreatedAt = file.CreatedAt,
        ModifiedAt = file.ModifiedAt,
    };
}
