using System.Diagnostics;
using System.Globalization;
using ModelForge.Corpus;

namespace ModelForge.Evaluation;

/// <summary>How fast the model is on this machine: from its file to a context that answers, and its tokens one by one on one thread.</summary>
/// <param name="modelPath">The model's file.</param>
public sealed class SpeedEvaluation(string modelPath) : IEvaluation
{
    private const int Runs = 5;
    private const int TokensPerRun = 200;

    public string Suite => "speed";

    public async Task<IReadOnlyList<EvaluationRow>> RunAsync(ITextModel model, Action<string> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var loads = new double[Runs];
        var speeds = new double[Runs];
        for (var run = 0; run < Runs; run++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var clock = Stopwatch.StartNew();
            await using var loaded = EngineTextModel.Open(modelPath);
            loads[run] = clock.Elapsed.TotalMilliseconds;
            var time = await loaded.MeasureAsync([new DocumentMessage("user", "Who are you?")], TokensPerRun, cancellationToken);
            speeds[run] = (TokensPerRun - 1) / time.TotalSeconds;
            progress(string.Create(CultureInfo.InvariantCulture, $"speed {run + 1}/{Runs}: loaded in {loads[run]:0.0} ms, {speeds[run]:0} tokens/s"));
        }

        return
        [
            new EvaluationRow(Suite, "loads in", Median(loads), "ms", Goal: 100, AtLeast: false, Runs, []),
            new EvaluationRow(Suite, "decodes alone on one thread", Median(speeds), "tokens/s", Goal: 300, AtLeast: true, Runs, []),
        ];
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
