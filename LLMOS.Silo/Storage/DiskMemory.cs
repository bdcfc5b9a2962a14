using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Silo.Storage;

/// <summary>What of the memory lies in the node's database: all pages, and all else that is stored beside them in its bytes.</summary>
internal sealed class DiskMemory(SqliteStore store, IGrainFactory grains) : IMemoryLevelSource
{
    // Within the ids of pages the index has all that is asked for, so that no state is read to count it.
    private const string Select = "SELECT count(*) FROM grain_state WHERE grain_id > ? AND grain_id < ? AND state_name = 'memory-page'";

    public MemoryLevel Level => new("disk", Pages(), new FileInfo(store.DatabasePath).Length, 0, 0, 0);

    private long Pages()
    {
        var type = grains.GetGrain<IMemoryPageGrain>(Guid.Empty).GetGrainId().Type.ToString();

        // '0' is the character after '/'.
        return store.Read((First: $"{type}/", End: $"{type}0"), static (session, ids) =>
        {
            using var row = session.Statement(Select).Bind(ids.First).Bind(ids.End);
            return row.Step() ? row.Number(0) : 0;
        });
    }
}
