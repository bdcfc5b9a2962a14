using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Telemetry;

namespace LLMOS.Silo.Models;

/// <summary>A request to a model, whoever computes it, as a span under the turn that asks and in the metrics of the conventions' clients.</summary>
internal sealed class InferenceSpan : IDisposable
{
    private static readonly Histogram<double> Duration = LlmosTelemetry.Meter.CreateHistogram(GenAiNames.ClientDuration, "s", "A request to a model, with the loading of it.", tags: null, GenAiNames.DurationBuckets);
    private static readonly Histogram<long> Tokens = LlmosTelemetry.Meter.CreateHistogram(GenAiNames.ClientTokens, "{token}", "Tokens of prompts and of answers.", tags: null, GenAiNames.TokenBuckets);

    private readonly Activity? _activity;
    private readonly string _operation;
    private readonly string _model;
    private readonly string _provider;
    private readonly string _traceParent;
    private readonly long _began = Stopwatch.GetTimestamp();
    private string? _error = "Cancelled";

    private InferenceSpan(string operation, string model, bool isRemote, string traceParent, long? pid)
    {
        _operation = operation;
        _model = model;
        _provider = isRemote ? GenAiNames.OpenAi : GenAiNames.Llmos;
        _traceParent = traceParent;
        if (!LlmosTelemetry.Source.HasListeners())
        {
            return;
        }

        _ = ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var parent);
        var tags = new ActivityTagsCollection
        {
            [GenAiNames.OperationName] = operation,
            [GenAiNames.ProviderName] = _provider,
            [GenAiNames.RequestModel] = model,
        };
        _activity = LlmosTelemetry.Source.StartActivity($"{operation} {model}", isRemote ? ActivityKind.Client : ActivityKind.Internal, parent, tags);
        if (pid is { } process)
        {
            _activity?.SetTag(GenAiNames.AgentId, process.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Whether anybody looks on.</summary>
    public static bool IsWanted => LlmosTelemetry.Source.HasListeners() || Duration.Enabled || Tokens.Enabled;

    /// <summary>The context for what is done within the request.</summary>
    public string TraceParent => _activity?.Id ?? _traceParent;

    public static string OperationOf(InferenceRequest request) => request.IsRaw ? GenAiNames.TextCompletion : GenAiNames.Chat;

    public static InferenceSpan Begin(string model, bool isRemote, InferenceRequest request)
    {
        var span = new InferenceSpan(OperationOf(request), model, isRemote, request.TraceParent, request.Pid);
        span._activity?.SetTag(GenAiNames.RequestMaxTokens, request.MaxTokens);
        return span;
    }

    public static InferenceSpan BeginEmbedding(string model, bool isRemote) => new(GenAiNames.Embeddings, model, isRemote, Activity.Current?.Id ?? "", pid: null);

    /// <summary>Waits for something of the request, whose failure is the request's.</summary>
    public async Task<T> AwaitAsync<T>(ValueTask<T> waiting)
    {
        try
        {
            return await waiting;
        }
        catch (Exception error)
        {
            Fail(error);
            throw;
        }
    }

    /// <summary>It came to its end.</summary>
    public void End(InferenceUsage? usage)
    {
        _error = null;
        if (usage is null)
        {
            return;
        }

        Tokens.Record(usage.PromptTokens, Tag(GenAiNames.OperationName, _operation), Tag(GenAiNames.ProviderName, _provider), Tag(GenAiNames.RequestModel, _model), Tag(GenAiNames.TokenType, GenAiNames.Input));
        Tokens.Record(usage.CompletionTokens, Tag(GenAiNames.OperationName, _operation), Tag(GenAiNames.ProviderName, _provider), Tag(GenAiNames.RequestModel, _model), Tag(GenAiNames.TokenType, GenAiNames.Output));
        _activity?.SetTag(GenAiNames.InputTokens, usage.PromptTokens);
        _activity?.SetTag(GenAiNames.CachedInputTokens, usage.CachedTokens);
        _activity?.SetTag(GenAiNames.OutputTokens, usage.CompletionTokens);
        _activity?.SetTag(GenAiNames.FinishReasons, new[] { usage.FinishReason.ToString().ToLowerInvariant() });
    }

    public void Dispose()
    {
        var took = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        var tags = new TagList { Tag(GenAiNames.OperationName, _operation), Tag(GenAiNames.ProviderName, _provider), Tag(GenAiNames.RequestModel, _model) };
        if (_error is not null)
        {
            tags.Add(GenAiNames.ErrorType, _error);
            _activity?.SetTag(GenAiNames.ErrorType, _error);
        }

        Duration.Record(took, tags);
        _activity?.Dispose();
    }

    private void Fail(Exception error)
    {
        _error = error switch
        {
            LlmosException known => known.Code.ToString(),
            OperationCanceledException => "Cancelled",
            _ => error.GetType().Name,
        };
        _activity?.SetStatus(ActivityStatusCode.Error, error.Message);
    }

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
