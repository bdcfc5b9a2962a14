namespace LLMOS.Inference.KvCache;

/// <summary>KV that a <see cref="StateStore"/> keeps, for one sequence or for several that were forked from each other while it was saved.</summary>
internal sealed class StoredState(int start, int end, byte[]? memory)
{
    /// <summary>Its first position: what lies before is another sequence's, too.</summary>
    public int Start { get; } = start;

    /// <summary>The position behind its last.</summary>
    public int End { get; } = end;

    public int Cells => End - Start;

    public long Bytes { get; } = memory?.Length ?? 0;

    public StateTier Tier => File is null ? StateTier.Host : StateTier.Disk;

    /// <summary>The bytes while they are in host memory.</summary>
    internal byte[]? Memory { get; set; } = memory;

    /// <summary>The file once they are on disk.</summary>
    internal string? File { get; set; }

    /// <summary>Sequences that use it.</summary>
    internal int Users { get; set; } = 1;
}
