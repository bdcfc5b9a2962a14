namespace LLMOS.SystemInterface.VectorFs;

/// <summary>Which files, directories and links <see cref="IVectorFsGrain.FindAsync"/> finds: those to which all applies that is said.</summary>
[GenerateSerializer, Immutable, Alias("llmos.file-filter")]
public sealed record FileFilter
{
    /// <summary>What the last name of the path is like: a <see cref="NamePattern"/>; null for any.</summary>
    [Id(0)] public string? Name { get; init; }

    /// <summary>The same whatever the case of letters.</summary>
    [Id(1)] public string? NameOfAnyCase { get; init; }

    /// <summary>What it is; null for anything.</summary>
    [Id(2)] public NodeKind? Kind { get; init; }

    /// <summary>Only files of at least so many bytes.</summary>
    [Id(3)] public long? MinLength { get; init; }

    /// <summary>Only files of at most so many bytes.</summary>
    [Id(4)] public long? MaxLength { get; init; }

    /// <summary>Only what was changed after this time.</summary>
    [Id(5)] public DateTimeOffset? NewerThan { get; init; }

    /// <summary>Only what was changed before this time.</summary>
    [Id(6)] public DateTimeOffset? OlderThan { get; init; }

    /// <summary>Whose it is: a principal, or the PID of a process, which stands for the principal that the process is of.</summary>
    [Id(7)] public string? Owner { get; init; }

    /// <summary>At most so many levels below the path, 0 for what is at the path itself; null for all.</summary>
    [Id(8)] public int? Depth { get; init; }

    /// <summary>What it should be about. Then it is looked for among the <see cref="MostByMeaning"/> that are nearest to this, and the nearest come first; null for all in the order of their paths.</summary>
    [Id(9)] public string? Meaning { get; init; }

    /// <summary>How many of what is nearest to a meaning are looked at.</summary>
    public const int MostByMeaning = 1_000;
}
