namespace LLMOS.Benchmarks;

/// <summary>What the command line asks of the suites.</summary>
internal sealed record SuiteOptions
{
    public const int MostRounds = 99;

    private const int FullRounds = 5;

    /// <summary>Whether a small load is wanted.</summary>
    public bool Quick { get; init; }

    /// <summary>Rounds of the rows that compare with peers; 0 for 5, or 1 of a quick run.</summary>
    public int Rounds { get; init; }

    /// <summary>The groups of rows of the suites <c>engine</c> and <c>memory</c> that are wanted; none for all.</summary>
    public IReadOnlyList<string> Rows { get; init; } = [];

    /// <summary>The path of a llama-server to be compared with; null for none.</summary>
    public string? LlamaServer { get; init; }

    /// <summary>The folder with node-llama-cpp and its driver; null for none.</summary>
    public string? NodeLlamaCpp { get; init; }

    /// <summary>The path of sqlite-vec's loadable extension; null for none.</summary>
    public string? SqliteVec { get; init; }

    internal int EffectiveRounds => Rounds > 0 ? Rounds : Quick ? 1 : FullRounds;
}
