namespace LLMOS.Kernel.Memory;

/// <summary>What is stored of a memory page.</summary>
[GenerateSerializer, Alias("llmos.memory-page-record")]
public sealed class MemoryPageRecord
{
    /// <summary>The region that made it; empty for a page that was never written.</summary>
    [Id(0)] public string Region { get; set; } = "";

    [Id(1)] public List<ContextEntry> Entries { get; set; } = [];

    [Id(2)] public int Tokens { get; set; }

    [Id(3)] public int References { get; set; }

    [Id(4)] public float[] Vector { get; set; } = [];
}
