namespace LLMOS.Kernel.Memory.Paging;

/// <summary>How the pages of a context were found, in counts of pages.</summary>
/// <param name="Hits">Pages that the turn has, and that were in the window already.</param>
/// <param name="Faults">Pages that the turn has, and that had to be brought back into the window.</param>
/// <param name="Evictions">Pages that had to leave the window.</param>
[GenerateSerializer, Immutable, Alias("llmos.paging-activity")]
public readonly record struct PagingActivity(
    [property: Id(0)] long Hits,
    [property: Id(1)] long Faults,
    [property: Id(2)] long Evictions)
{
    /// <summary>Faults whose text was in the silo's memory.</summary>
    [Id(3)] public long FoundInSilo { get; init; }

    public static PagingActivity operator +(PagingActivity left, PagingActivity right) => new(left.Hits + right.Hits, left.Faults + right.Faults, left.Evictions + right.Evictions)
    {
        FoundInSilo = left.FoundInSilo + right.FoundInSilo,
    };

    public static PagingActivity Add(PagingActivity left, PagingActivity right) => left + right;
}
