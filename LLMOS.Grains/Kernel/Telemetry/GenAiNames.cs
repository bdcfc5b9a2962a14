using System.Diagnostics.Metrics;

namespace LLMOS.Kernel.Telemetry;

/// <summary>
/// The names of OpenTelemetry's semantic conventions for generative AI, with the buckets that they ask for. The conventions are still in development: what follows a change of theirs changes here and nowhere else.
/// </summary>
public static class GenAiNames
{
    // Attributes of spans, and tags of metrics.
    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestMaxTokens = "gen_ai.request.max_tokens";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CachedInputTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string AgentId = "gen_ai.agent.id";
    public const string AgentName = "gen_ai.agent.name";
    public const string ConversationId = "gen_ai.conversation.id";
    public const string ToolName = "gen_ai.tool.name";
    public const string ToolType = "gen_ai.tool.type";
    public const string ErrorType = "error.type";

    // Values of them.
    public const string Chat = "chat";
    public const string TextCompletion = "text_completion";
    public const string Embeddings = "embeddings";
    public const string InvokeAgent = "invoke_agent";
    public const string ExecuteTool = "execute_tool";
    public const string Input = "input";
    public const string Output = "output";
    public const string Function = "function";

    /// <summary>The provider of what this system computes itself.</summary>
    public const string Llmos = "llmos";

    /// <summary>The provider of what a server computes that speaks OpenAI's protocol, whoever's it is.</summary>
    public const string OpenAi = "openai";

    // Metrics.
    public const string ClientDuration = "gen_ai.client.operation.duration";
    public const string ClientTokens = "gen_ai.client.token.usage";
    public const string ServerDuration = "gen_ai.server.request.duration";
    public const string TimeToFirstToken = "gen_ai.server.time_to_first_token";
    public const string TimePerOutputToken = "gen_ai.server.time_per_output_token";

    /// <summary>Buckets of durations, in seconds.</summary>
    public static InstrumentAdvice<double> DurationBuckets { get; } =
        new() { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] };

    /// <summary>Buckets of times to the first token, in seconds.</summary>
    public static InstrumentAdvice<double> FirstTokenBuckets { get; } =
        new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };

    /// <summary>Buckets of times for each further token, in seconds.</summary>
    public static InstrumentAdvice<double> PerTokenBuckets { get; } =
        new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5] };

    /// <summary>Buckets of tokens.</summary>
    public static InstrumentAdvice<long> TokenBuckets { get; } =
        new() { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864] };
}
