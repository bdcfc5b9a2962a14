using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Shell.Output;

/// <summary>What became of the pages of a process's context, as <c>ps -o json</c> lists it.</summary>
internal sealed record PagingRow(long Hits, long Faults, long FoundInSilo, long Evictions)
{
    public static PagingRow Of(PagingActivity paging) => new(paging.Hits, paging.Faults, paging.FoundInSilo, paging.Evictions);
}
