namespace LLMOS.Benchmarks;

/// <summary>The rows of a suite in groups, of which <c>--row</c> chooses some.</summary>
internal sealed class RowGroups(params (string Name, Func<SuiteRun, CancellationToken, Task> MeasureAsync)[] groups)
{
    public IReadOnlyList<string> Names { get; } = [.. groups.Select(group => group.Name)];

    /// <summary>Measures the groups that were chosen; all, where none was.</summary>
    public async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        foreach (var (name, measureAsync) in groups)
        {
            if (run.Options.Rows.Count == 0 || run.Options.Rows.Contains(name, StringComparer.Ordinal))
                await measureAsync(run, cancellationToken);
        }
    }
}
