namespace LLMOS.Benchmarks;

/// <summary>One figure beside what it is compared with.</summary>
internal sealed record Row
{
    public required string Suite { get; init; }

    /// <summary>What was measured.</summary>
    public required string Name { get; init; }

    public required double Value { get; init; }

    public required string Unit { get; init; }

    /// <summary>What it is compared with, measured in the same run.</summary>
    public required string Peer { get; init; }

    /// <summary>The peer's figure, in the same unit.</summary>
    public required double PeerValue { get; init; }

    /// <summary>Value to peer. Of interleaved rounds it is the median of the rounds' ratios, which a machine that gets slower half-way does not shift.</summary>
    public required double Ratio { get; init; }

    /// <summary>What it is to be; null for a figure that only explains others.</summary>
    public Goal? Goal { get; init; }

    /// <summary>Whether the goal was met; null without one.</summary>
    public bool? Met => Goal?.IsMet(this);
}
