using System.Diagnostics.Metrics;
using LLMOS.Cognition.Inference;
using LLMOS.Inference;
using LLMOS.Kernel.Telemetry;

namespace LLMOS.Silo.Models;

/// <summary>What the requests to the engines of this process came to. What the engines themselves hold and have done is observed: <see cref="EngineTotals"/>.</summary>
internal static class EngineMetrics
{
    private static readonly Meter Meter = LlmosTelemetry.Meter;

    private static readonly Histogram<double> QueueTime = Meter.CreateHistogram(MetricNames.EngineQueueTime, "s", "From a request to its place in the context.", tags: null, GenAiNames.FirstTokenBuckets);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram(GenAiNames.ServerDuration, "s", "From a request to the last token.", tags: null, GenAiNames.DurationBuckets);
    private static readonly Histogram<double> TimeToFirstToken = Meter.CreateHistogram(GenAiNames.TimeToFirstToken, "s", "From a request to the first token.", tags: null, GenAiNames.FirstTokenBuckets);
    private static readonly Histogram<double> TimePerOutputToken = Meter.CreateHistogram(GenAiNames.TimePerOutputToken, "s", "Mean time of each token after the first.", tags: null, GenAiNames.PerTokenBuckets);
    private static readonly Histogram<int> StepsAfterCancel = Meter.CreateHistogram<int>(MetricNames.EngineCancelledSteps, "{step}", "Steps that still computed tokens of a sequence after it was cancelled.");

    public static void Record(string model, InferenceRequest request, GenerationResult result)
    {
        QueueTime.Record(result.QueueTime.TotalSeconds, Model(model));
        if (result.StopReason == StopReason.Cancelled)
        {
            StepsAfterCancel.Record(result.StepsAfterCancel, Model(model));
        }

        // One that was withdrawn goes on elsewhere, and is measured there.
        if (result.StopReason is StopReason.Cancelled or StopReason.Withdrawn)
        {
            return;
        }

        var whole = result.QueueTime + result.EngineTime;
        var operation = new KeyValuePair<string, object?>(GenAiNames.OperationName, InferenceSpan.OperationOf(request));
        var provider = new KeyValuePair<string, object?>(GenAiNames.ProviderName, GenAiNames.Llmos);
        var named = new KeyValuePair<string, object?>(GenAiNames.RequestModel, model);
        Duration.Record(whole.TotalSeconds, operation, provider, named);
        if (result.TimeToFirstToken > TimeSpan.Zero)
        {
            TimeToFirstToken.Record(result.TimeToFirstToken.TotalSeconds, operation, provider, named);
        }

        if (result.CompletionTokens - result.EmittedTokens is > 1 and var tokens)
        {
            TimePerOutputToken.Record((whole - result.TimeToFirstToken).TotalSeconds / (tokens - 1), operation, provider, named);
        }
    }

    private static KeyValuePair<string, object?> Model(string name) => new(MetricNames.Model, name);
}
