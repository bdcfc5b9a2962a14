namespace ModelForge.Evaluation;

/// <summary>A figure of the model, with what it should be.</summary>
/// <param name="Suite">What was tried: <c>shell</c>, <c>workflow</c>, <c>reading</c>, <c>speed</c>.</param>
/// <param name="Name">The figure.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Unit">The unit: <c>%</c>, <c>ms</c>, <c>tokens/s</c>.</param>
/// <param name="Goal">What it should be.</param>
/// <param name="AtLeast">Whether the goal is a least value (true) or a greatest one.</param>
/// <param name="Cases">How many cases it was measured on.</param>
/// <param name="Misses">What went wrong: a line for each case.</param>
public sealed record EvaluationRow(
    string Suite, string Name, double Value, string Unit, double Goal, bool AtLeast, int Cases, IReadOnlyList<string> Misses)
{
    /// <summary>Whether it was measured on what no generator made.</summary>
    public bool IsByHand { get; init; }

    /// <summary>Whether the goal holds.</summary>
    public bool Met => AtLeast ? Value >= Goal : Value <= Goal;
}
