using System.Globalization;
using ModelForge.Training;

namespace ModelForge.Evaluation;

/// <summary>How fast the trainer is on this machine, whatever the model.</summary>
public sealed class TrainerEvaluation : IEvaluation
{
    private const int Threads = 2;
    private const int Steps = 15;

    /// <inheritdoc/>
    public string Suite => "trainer";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EvaluationRow>> RunAsync(ITextModel model, Action<string> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var rate = await Task.Run(() => TrainerSpeed.Measure(Threads, Steps), cancellationToken);
        progress(string.Create(CultureInfo.InvariantCulture, $"trainer: {rate:0} tokens/s on {Threads} threads"));
        return [new EvaluationRow(Suite, "trains 2.75 M parameters on two threads", rate, "tokens/s", Goal: 8000, AtLeast: true, Steps, [])];
    }
}
