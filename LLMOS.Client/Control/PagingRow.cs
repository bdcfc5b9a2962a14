using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Client.Control;

/// <summary>What became of the pages of a process's context, as <c>ps -o json</c> lists it: pages over its life.</summary>
/// <param name="Hits">Pages that were in its window already.</param>
/// <param name="Faults">Pages that had to be brought back into it.</param>
/// <param name="FoundInSilo">Those of them whose text was in the silo's memory.</param>
/// <param name="Evictions">Pages that had to leave it.</param>
public sealed record PagingRow(long Hits, long Faults, long FoundInSilo, long Evictions)
{
    internal static PagingRow Of(PagingActivity paging) => new(paging.Hits, paging.Faults, paging.FoundInSilo, paging.Evictions);
}
