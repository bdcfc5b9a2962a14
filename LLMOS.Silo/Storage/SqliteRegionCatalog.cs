using LLMOS.Kernel.Memory;

namespace LLMOS.Silo.Storage;

/// <summary>The context regions, as their states lie in the node's database: by the ids of their grains, which end with their paths.</summary>
internal sealed class SqliteRegionCatalog(SqliteStore store, IGrainFactory grains) : IRegionCatalog
{
    private const string Select = "SELECT grain_id FROM grain_state WHERE grain_id > ? AND grain_id < ? AND state_name = 'context-region' ORDER BY grain_id LIMIT ?";

    /// <inheritdoc />
    public IReadOnlyList<string> List(string prefix, string after, int limit)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        ArgumentNullException.ThrowIfNull(after);
        var type = $"{grains.GetGrain<IContextRegionGrain>(prefix).GetGrainId().Type}/";
        var first = type + (string.CompareOrdinal(after, prefix) > 0 ? after : prefix);

        // Ids are compared byte by byte, and no byte of a path is as high as this one.
        var end = $"{type}{prefix}\U0010FFFF";
        return store.Read((first, end, limit, type.Length), static IReadOnlyList<string> (session, key) =>
        {
            var paths = new List<string>();
            using var rows = session.Statement(Select).Bind(key.first).Bind(key.end).Bind(key.limit);
            while (rows.Step())
                paths.Add(rows.Text(0)[key.Length..]);
            return paths;
        });
    }
}
