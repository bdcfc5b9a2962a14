namespace LLMOS.Kernel.Processes;

/// <summary>What is stored of the process table.</summary>
[GenerateSerializer, Alias("llmos.process-table-record")]
public sealed class ProcessTableRecord
{
    /// <summary>PIDs below this one are given out, or lost.</summary>
    [Id(0)] public long Reserved { get; set; }

    /// <summary>Blocks before <see cref="OpenFrom"/> that may have processes that live; those from there on may too.</summary>
    [Id(1)] public List<long> OpenBlocks { get; set; } = [];

    [Id(2)] public long OpenFrom { get; set; }
}
