namespace LLMOS.Inference.Planning;

/// <summary>The figures of a scheduling policy.</summary>
public sealed record PlannerOptions
{
    /// <summary>Tokens that a sequence may generate before an equal one that waits takes its place in the context; at least 1.</summary>
    public int Quantum { get; init; } = 32;

    /// <summary>Prompt tokens that are computed of one sequence before an equal one's prompt goes on; at least 1.</summary>
    public int PrefillQuantum { get; init; } = 1024;

    /// <summary>Steps of waiting that raise the effective priority by one level; at least 1. Under a backlog it is as many steps as the backlog takes.</summary>
    public int AgingSteps { get; init; } = 64;

    /// <summary>Steps in a row that an adapter set may have before one whose turn it is takes over, if that is no more important; at least 1. A change costs the layout of a graph.</summary>
    public int AdapterTurn { get; init; } = 4;

    /// <exception cref="ArgumentOutOfRangeException">A figure is less than 1.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Quantum, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PrefillQuantum, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(AgingSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(AdapterTurn, 1);
    }
}
