using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Silo.Storage;

/// <summary>What of the memory lies in the node's database: all pages, and all else that is stored beside them in its bytes.</summary>
internal sealed class DiskMemory(SqliteStore store) : IMemoryLevelSource
{
    private const string Select = "SELECT count(*) FROM grain_state WHERE state_name = 'memory-page'";

    public MemoryLevel Level => new("disk", Pages(), new FileInfo(store.DatabasePath).Length, 0, 0, 0);

    private long Pages() => store.Read(0, static (session, _) =>
    {
        using var row = session.Statement(Select);
        return row.Step() ? row.Number(0) : 0;
    });
}
