using LLMOS.Cognition.Inference;

namespace LLMOS.Client.Watching;

/// <summary>What engines did a second, over about the last second, from samples of what they have done.</summary>
public sealed class RateMeter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Queue<(long At, Totals Totals)> _samples = new();

    /// <summary>Takes a sample.</summary>
    /// <returns>Tokens generated, prompt tokens computed and context switches a second, and the mean batch.</returns>
    public (double Decode, double Prefill, double Switches, double Batch) Add(IReadOnlyList<EngineReport> engines)
    {
        ArgumentNullException.ThrowIfNull(engines);
        var now = time.GetTimestamp();
        var totals = new Totals(
            engines.Sum(engine => engine.DecodedTokens),
            engines.Sum(engine => engine.PrefilledTokens),
            engines.Sum(engine => engine.ContextSwitches),
            engines.Sum(engine => engine.ServedSequences),
            engines.Sum(engine => engine.Steps));
        _samples.Enqueue((now, totals));
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.ElementAt(1).At, now) >= Window)
        {
            _samples.Dequeue();
        }

        var (at, first) = _samples.Peek();
        var seconds = time.GetElapsedTime(at, now).TotalSeconds;

        // An engine that was unloaded takes what it had done along.
        if (seconds <= 0 || totals.Steps < first.Steps)
        {
            return default;
        }

        var steps = totals.Steps - first.Steps;
        return (
            Math.Round((totals.Decoded - first.Decoded) / seconds, 1),
            Math.Round((totals.Prefilled - first.Prefilled) / seconds, 1),
            Math.Round((totals.Switches - first.Switches) / seconds, 1),
            steps == 0 ? 0 : Math.Round((double)(totals.Served - first.Served) / steps, 2));
    }

    private readonly record struct Totals(long Decoded, long Prefilled, long Switches, long Served, long Steps);
}
