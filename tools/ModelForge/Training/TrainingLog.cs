using System.Diagnostics;
using System.Globalization;

namespace ModelForge.Training;

/// <summary>Says how a training goes: speed, rate, and loss and documents that are wholly right, by task.</summary>
internal sealed class TrainingLog(IReadOnlyList<string> tasks, TrainingState state, Trainer trainer, TextWriter output)
{
    private readonly BatchOutcome _sum = new(tasks.Count);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _tokens = state.Tokens;

    /// <summary>Counts a step.</summary>
    public void Add(BatchOutcome outcome) => _sum.Add(outcome);

    /// <summary>A line for the steps since the last one.</summary>
    public void Report()
    {
        var rate = (state.Tokens - _tokens) / _clock.Elapsed.TotalSeconds;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{trainer.Progress,6:P1} step {state.Step} {state.Tokens / 1e6:0.00} M tokens {rate:0}/s rate {trainer.Rate:0.0e+0} | {Describe(_sum)}"));
        _sum.Clear();
        _tokens = state.Tokens;
        _clock.Restart();
    }

    /// <summary>A line for documents held out.</summary>
    public void ReportHeldOut(BatchOutcome outcome) => output.WriteLine($"       held out | {Describe(outcome)}");

    private string Describe(BatchOutcome outcome)
    {
        var parts = new List<string>();
        for (var task = 0; task < tasks.Count; task++)
        {
            if (outcome.Tasks[task] is { Documents: > 0 } one)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{tasks[task]} {one.Loss / one.Targets:0.000} {(double)one.RightDocuments / one.Documents:P0}"));
        }

        return string.Join("  ", parts);
    }
}
