namespace ModelForge.Evaluation.Workflow;

/// <summary>Counts the cases of a figure and keeps those that went wrong.</summary>
internal sealed class WorkflowTally(string suite, string name, double goal)
{
    private readonly List<string> _misses = [];
    private int _cases;

    /// <summary>Cases that went right.</summary>
    public int Right => _cases - _misses.Count;

    /// <summary>Counts a case.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="wrong">What went wrong; null when nothing did.</param>
    public void Count(string request, string? wrong)
    {
        _cases++;
        if (wrong is not null)
        {
            _misses.Add($"{request} → {wrong.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>The figure.</summary>
    public EvaluationRow ToRow() =>
        new(suite, name, _cases == 0 ? 0 : 100.0 * Right / _cases, "%", goal, AtLeast: true, _cases, _misses);
}
