using System.Diagnostics.Metrics;
using LLMOS.Inference;

namespace LLMOS.Silo.Models;

/// <summary>What the engines of this process do, on the meter <c>LLMOS</c>; each with the tag <c>model</c>.</summary>
internal static class EngineMetrics
{
    public const string MeterName = "LLMOS";
    public const string CancelledSteps = "llmos.engine.cancelled_steps";

    private const string Tokens = "{token}";

    internal static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> PromptTokens = Meter.CreateCounter<long>("llmos.engine.prompt_tokens", Tokens, "Tokens of prompts, with those that a cache held.");
    private static readonly Counter<long> CachedTokens = Meter.CreateCounter<long>("llmos.engine.cached_tokens", Tokens, "Tokens of prompts that a cache held.");
    private static readonly Counter<long> CompletionTokens = Meter.CreateCounter<long>("llmos.engine.completion_tokens", Tokens, "Tokens generated.");
    private static readonly Counter<long> Restarts = Meter.CreateCounter<long>("llmos.engine.restarts", "{restart}", "Engines that broke down and began anew.");
    private static readonly Histogram<double> TimeToFirstToken = Meter.CreateHistogram<double>("llmos.engine.time_to_first_token", "s", "From the request to the first token.");
    private static readonly Histogram<int> StepsAfterCancel = Meter.CreateHistogram<int>(CancelledSteps, "{step}", "Steps that still computed tokens of a sequence after it was cancelled.");

    public static void Restart(string model) => Restarts.Add(1, new KeyValuePair<string, object?>("model", model));

    public static void Record(string model, GenerationResult result)
    {
        var tag = new KeyValuePair<string, object?>("model", model);
        PromptTokens.Add(result.PromptTokens, tag);
        CachedTokens.Add(result.CachedTokens, tag);
        CompletionTokens.Add(result.CompletionTokens - result.EmittedTokens, tag);
        if (result.CompletionTokens > 0)
        {
            TimeToFirstToken.Record(result.TimeToFirstToken.TotalSeconds, tag);
        }

        if (result.StopReason is StopReason.Cancelled or StopReason.Withdrawn)
        {
            StepsAfterCancel.Record(result.StepsAfterCancel, tag);
        }
    }
}
