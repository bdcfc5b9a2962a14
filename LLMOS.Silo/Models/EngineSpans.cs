using System.Diagnostics;
using LLMOS.Inference;
using LLMOS.Kernel.Telemetry;

namespace LLMOS.Silo.Models;

/// <summary>
/// What an engine did for a request as spans under the request's. They are made of its result when it has ended, so that the engine's thread knows nothing of them.
/// </summary>
internal static class EngineSpans
{
    /// <param name="traceParent">The request's span; empty for none.</param>
    /// <param name="submitted">When the engine was given the request.</param>
    /// <param name="result">What came of it.</param>
    public static void Record(string traceParent, DateTimeOffset submitted, GenerationResult result)
    {
        if (!LlmosTelemetry.Source.HasListeners() || !ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var request))
        {
            return;
        }

        var admitted = submitted + result.QueueTime;
        var ended = admitted + result.EngineTime;
        var first = result.TimeToFirstToken > TimeSpan.Zero ? submitted + result.TimeToFirstToken : ended;
        Make(SpanNames.Queue, request, submitted, admitted)?.Dispose();
        if (result.EngineTime == TimeSpan.Zero)
        {
            return;
        }

        using (var prefill = Make(SpanNames.Prefill, request, admitted, first))
        {
            prefill?.SetTag(GenAiNames.InputTokens, result.PromptTokens);
            prefill?.SetTag(GenAiNames.CachedInputTokens, result.CachedTokens);
        }

        if (result.CompletionTokens > result.EmittedTokens)
        {
            using var decode = Make(SpanNames.Decode, request, first, ended);
            decode?.SetTag(GenAiNames.OutputTokens, result.CompletionTokens - result.EmittedTokens);
            decode?.SetTag(SpanNames.ForcedTokens, result.ForcedTokens);
            decode?.SetTag(SpanNames.AcceptedTokens, result.AcceptedTokens);
        }
    }

    private static Activity? Make(string name, ActivityContext request, DateTimeOffset began, DateTimeOffset ended)
    {
        var activity = LlmosTelemetry.Source.StartActivity(name, ActivityKind.Internal, request, tags: null, links: null, began);
        activity?.SetEndTime(ended.UtcDateTime);
        return activity;
    }
}
