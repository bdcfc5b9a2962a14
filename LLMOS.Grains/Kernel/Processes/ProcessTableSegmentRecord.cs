namespace LLMOS.Kernel.Processes;

/// <summary>What is stored of a segment of the process table.</summary>
[GenerateSerializer, Alias("llmos.process-table-segment-record")]
public sealed class ProcessTableSegmentRecord
{
    [Id(0)] public SortedDictionary<long, ProcessTableEntry> Entries { get; set; } = [];
}
