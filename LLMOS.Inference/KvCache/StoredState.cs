namespace LLMOS.Inference.KvCache;

/// <summary>KV that a <see cref="StateStore"/> keeps, for one sequence or for several that were forked from each other while it was saved. Belongs to the owner thread.</summary>
internal sealed class StoredState(int start, int end, byte[] memory)
{
    /// <summary>Its first position: what lies before is another sequence's, too.</summary>
    public int Start { get; } = start;

    /// <summary>The position behind its last.</summary>
    public int End { get; } = end;

    public int Cells => End - Start;

    public long Bytes { get; } = memory.Length;

    /// <summary>Where it is counted; what is being written is on disk already.</summary>
    public StateTier Tier { get; internal set; } = StateTier.None;

    /// <summary>Whether its file is being read, so that whoever needs it has to wait.</summary>
    public bool IsReading { get; internal set; }

    /// <summary>Whether its bytes can only come from its file, and are not there yet.</summary>
    public bool IsAway => File is not null && Memory is null && Problem is null;

    /// <summary>How long its file took to be read.</summary>
    public TimeSpan ReadTook { get; internal set; }

    /// <summary>The bytes while they are in memory: in the host's tier, on their way to disk, or read from there.</summary>
    internal ReadOnlyMemory<byte>? Memory { get; set; } = memory;

    /// <summary>The file once they are on disk.</summary>
    internal string? File { get; set; }

    /// <summary>Why there is nothing to be had any more.</summary>
    internal StateException? Problem { get; set; }

    /// <summary>Sequences that use it.</summary>
    internal int Users { get; set; } = 1;
}
