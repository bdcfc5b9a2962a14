using System.Collections.Immutable;
using System.Text;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.VectorFs.Views;

/// <summary>
/// <c>/context</c>: the context regions. One whose path begins with /context is at its path, others are below it: that of process 21 is <c>/context/proc/21/context</c>. A region whose path
/// others go on from is a directory of them and, in it, the file <c>.region</c>.
/// </summary>
internal sealed class RegionsView(IGrainFactory grains, IRegionCatalog catalog) : ISystemView
{
    private const string RegionFile = ".region";

    // Names that one listing looks at between two of its own: a directory with more below one name is listed in steps.
    private const int Step = 1_000;

    // Regions that are asked at once.
    private const int AtOnce = 64;

    // Bytes that stand around the author and the text of an entry: brackets, the time and line ends.
    private const int Around = 40;

    public string Path => "/context";

    public async Task<FileNode?> FindAsync(string path)
    {
        var region = VfsPath.NameOf(path) == RegionFile ? VfsPath.ParentOf(path) : path;
        foreach (var candidate in Candidates(region))
        {
            var isDirectory = HasBelow(candidate);
            if (region != path || !isDirectory)
            {
                if (await InfoAsync(candidate) is { } info)
                {
                    var length = info.Bytes is { } bytes ? bytes + (info.Entries * (long)Around) : Encoding.UTF8.GetByteCount(await TextAsync(candidate));
                    return NodeOf(path, info, length);
                }
            }
            else
            {
                return Directory(path);
            }
        }

        return null;
    }

    public async Task<ImmutableArray<FileNode>> ListAsync(string path, string after, int limit)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var prefix in path == Path ? ["/", "/context/"] : Candidates(path).Select(candidate => $"{candidate}/"))
        {
            var found = 0;
            for (var last = after.Length > 0 ? prefix + after : ""; found < limit;)
            {
                var regions = catalog.List(prefix, last, Step);
                foreach (var region in regions)
                {
                    var name = region[prefix.Length..].Split('/')[0];
                    found += (prefix != "/" || name != "context") && string.CompareOrdinal(name, after) > 0 && names.Add(name) ? 1 : 0;
                }

                if (regions.Count < Step)
                {
                    break;
                }

                last = regions[^1];
            }
        }

        if (path != Path && string.CompareOrdinal(RegionFile, after) > 0)
        {
            names.Add(RegionFile);
        }

        var nodes = ImmutableArray.CreateBuilder<FileNode>();
        foreach (var some in names.Chunk(AtOnce).TakeWhile(_ => nodes.Count < limit))
        {
            nodes.AddRange((await Task.WhenAll(some.Select(name => FindAsync($"{path}/{name}")))).OfType<FileNode>());
        }

        return [.. nodes.Take(limit)];
    }

    public async Task<string?> ReadAsync(string path)
    {
        foreach (var candidate in Candidates(VfsPath.NameOf(path) == RegionFile ? VfsPath.ParentOf(path) : path))
        {
            if (await InfoAsync(candidate) is not null)
            {
                return await TextAsync(candidate);
            }
        }

        return null;
    }

    // The regions that a path can stand for: one of that path, and one whose path goes on behind /context.
    private string[] Candidates(string path) => [.. ((string[])[path, path[Path.Length..]]).Where(RegionPath.IsValid)];

    private bool HasBelow(string region) => catalog.List($"{region}/", "", 1).Count > 0;

    private async Task<RegionInfo?> InfoAsync(string region)
    {
        var grain = grains.GetGrain<IContextRegionGrain>(region);
        return await grain.IsReadableByAsync(CallerContext.Behalf ?? Caller.Kernel) ? await grain.GetInfoAsync() : null;
    }

    private async Task<string> TextAsync(string region) => string.Concat(
        (await AsCaller.CallAsync(grains.GetGrain<IContextRegionGrain>(region).ReadAsync))
            .Select(entry => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"[{entry.Author}, {entry.At:O}]\n{entry.Text}\n\n")));

    private static FileNode NodeOf(string path, RegionInfo info, long length) => new()
    {
        Path = path,
        Kind = NodeKind.File,
        Length = length,
        Owner = info.Owner,
        Version = info.Version + 1,
    };

    private static FileNode Directory(string path) => new() { Path = path, Kind = NodeKind.Directory, Owner = Caller.KernelPrincipal };
}
