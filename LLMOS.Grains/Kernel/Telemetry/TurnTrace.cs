using System.Diagnostics;
using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Kernel.Telemetry;

/// <summary>A turn as a span and in the metrics. The span goes on from that of whoever sent the message, whose context travels in it.</summary>
internal sealed class TurnTrace : IDisposable
{
    private const string Committed = "committed";
    private const string Failed = "failed";
    private const string Retried = "retried";
    private const string Undone = "undone";

    private readonly Activity? _activity;
    private readonly string _program;
    private readonly long _began = Stopwatch.GetTimestamp();
    private string _result = Undone;

    private TurnTrace(Activity? activity, string program)
    {
        _activity = activity;
        _program = program;
    }

    public static TurnTrace Begin(VmpMessage message, ProcessControlBlock process) =>
        new(LlmosTelemetry.Source.HasListeners() ? Start(message, process) : null, process.Program);

    /// <summary>The turn came to its end, and this is committed.</summary>
    public void Commit(TurnResult result)
    {
        _result = result.Failure is null ? Committed : Failed;
        if (_activity is not { IsAllDataRequested: true } activity)
        {
            return;
        }

        if (result.Outcome is { WindowLength: > 0 } outcome)
        {
            activity.SetTag(GenAiNames.ResponseModel, outcome.Model);
            activity.SetTag(GenAiNames.InputTokens, outcome.PromptTokens);
            activity.SetTag(GenAiNames.OutputTokens, outcome.CompletionTokens);
        }

        if (result.Failure is { } failure)
        {
            activity.SetTag(GenAiNames.ErrorType, failure.Code.ToString());
            activity.SetStatus(ActivityStatusCode.Error, failure.Letter.Reason);
        }
    }

    /// <summary>It met a passing fault and will be tried again.</summary>
    public void Retry() => _result = Retried;

    public void Dispose()
    {
        KernelMetrics.Turn(_program, _result, _began);
        if (_activity is not null)
        {
            _activity.SetTag(SpanNames.TurnResult, _result);
            _activity.Dispose();
        }
    }

    private static Activity? Start(VmpMessage message, ProcessControlBlock process)
    {
        // Without a parent it is a trace of its own; the message may come from a system that traced nothing.
        _ = ActivityContext.TryParse(message.TraceParent, traceState: null, isRemote: true, out var parent);
        var tags = new ActivityTagsCollection
        {
            [GenAiNames.OperationName] = GenAiNames.InvokeAgent,
            [GenAiNames.ProviderName] = GenAiNames.Llmos,
            [GenAiNames.AgentId] = process.Pid.ToString(CultureInfo.InvariantCulture),
            [GenAiNames.AgentName] = process.Name,
            [SpanNames.MessageId] = message.MessageId.ToString(),
            [SpanNames.From] = message.From,
        };
        if (message.CorrelationId.Length > 0)
        {
            tags[GenAiNames.ConversationId] = message.CorrelationId;
        }

        return LlmosTelemetry.Source.StartActivity($"{GenAiNames.InvokeAgent} {process.Name}", ActivityKind.Consumer, parent, tags);
    }
}
