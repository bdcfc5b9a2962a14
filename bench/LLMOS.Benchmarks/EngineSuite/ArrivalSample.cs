namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>What urgent arrivals met on a saturated device.</summary>
internal sealed record ArrivalSample
{
    /// <summary>Seconds from each arrival to its first token.</summary>
    public required IReadOnlyList<double> FirstTokens { get; init; }

    /// <summary>Steps that began between each arrival and the reading of its first token; empty where they are not known.</summary>
    public IReadOnlyList<double> Steps { get; init; } = [];

    /// <summary>Seconds of a step of the background alone; 0 where it is not known.</summary>
    public double Step { get; init; }

    /// <summary>Seconds to the first token of an arrival that meets nobody; 0 where it is not known.</summary>
    public double Alone { get; init; }

    /// <summary>Generated tokens a second of the background before the arrivals; 0 where it is not known.</summary>
    public double RateBefore { get; init; }

    /// <summary>Generated tokens a second of the background while they came; 0 where it is not known.</summary>
    public double RateDuring { get; init; }
}
