using System.Collections.Immutable;
using LLMOS.Kernel.Messaging;

namespace LLMOS.Cognition.Inference;

/// <summary>
/// How a message wants to be answered, where that is not left to the process: it travels with the message as JSON, in the header
/// <see cref="TurnHeaders.Options"/>. What is null or empty is the process's own.
/// </summary>
[GenerateSerializer, Immutable, Alias("llmos.turn-options")]
public sealed record TurnOptions
{
    /// <summary>Most tokens of the answer; no more than the process may generate in a turn.</summary>
    [Id(0)] public int? MaxTokens { get; init; }

    [Id(1)] public float? Temperature { get; init; }

    [Id(2)] public int? TopK { get; init; }

    [Id(3)] public float? TopP { get; init; }

    [Id(4)] public float? MinP { get; init; }

    [Id(5)] public ulong? Seed { get; init; }

    [Id(6)] public string? Grammar { get; init; }

    [Id(7)] public string? JsonSchema { get; init; }

    [Id(8)] public ImmutableArray<string> Stop { get; init; } = [];

    [Id(9)] public float? RepeatPenalty { get; init; }

    [Id(10)] public float? FrequencyPenalty { get; init; }

    [Id(11)] public float? PresencePenalty { get; init; }

    [Id(12)] public int? PenaltyWindow { get; init; }

    [Id(13)] public ImmutableDictionary<int, float> LogitBias { get; init; } = ImmutableDictionary<int, float>.Empty;

    [Id(14)] public ImmutableArray<int> ForbiddenTokens { get; init; } = [];

    [Id(15)] public int? TopLogProbabilities { get; init; }

    [Id(16)] public int? Reservation { get; init; }

    [Id(17)] public ImmutableArray<ToolDeclaration> Tools { get; init; } = [];

    [Id(18)] public ToolChoice ToolChoice { get; init; }

    [Id(19)] public string RequiredTool { get; init; } = "";

    /// <summary>Whether the message is a prompt as it stands, which the model goes on with: no chat, and no template around it.</summary>
    [Id(20)] public bool IsRaw { get; init; }

    /// <summary>Those of a message; the defaults where it has none.</summary>
    /// <exception cref="LlmosException">Its header is no such options.</exception>
    public static TurnOptions Of(VmpMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Headers.TryGetValue(TurnHeaders.Options, out var json) ? TurnHeaders.ReadOptions(json) : new TurnOptions();
    }

    /// <summary>The same, with nothing null that is not to be: what JSON left out is empty.</summary>
    internal TurnOptions Complete() => this with
    {
        Stop = Stop.IsDefault ? [] : Stop,
        LogitBias = LogitBias ?? ImmutableDictionary<int, float>.Empty,
        ForbiddenTokens = ForbiddenTokens.IsDefault ? [] : ForbiddenTokens,
        Tools = Tools.IsDefault ? [] : Tools,
        RequiredTool = RequiredTool ?? "",
    };

    /// <summary>The sampling of a turn: what is said here, else what the process does.</summary>
    public SamplingOptions Apply(SamplingOptions own)
    {
        ArgumentNullException.ThrowIfNull(own);
        return own with
        {
            Temperature = Temperature ?? own.Temperature,
            TopK = TopK ?? own.TopK,
            TopP = TopP ?? own.TopP,
            MinP = MinP ?? own.MinP,
            Seed = Seed ?? own.Seed,
            Grammar = Grammar ?? own.Grammar,
            JsonSchema = JsonSchema ?? own.JsonSchema,
            Stop = Stop.IsEmpty ? own.Stop : [.. Stop],
            RepeatPenalty = RepeatPenalty ?? own.RepeatPenalty,
            FrequencyPenalty = FrequencyPenalty ?? own.FrequencyPenalty,
            PresencePenalty = PresencePenalty ?? own.PresencePenalty,
            PenaltyWindow = PenaltyWindow ?? own.PenaltyWindow,
            LogitBias = LogitBias.IsEmpty ? own.LogitBias : LogitBias,
            ForbiddenTokens = ForbiddenTokens.IsEmpty ? own.ForbiddenTokens : ForbiddenTokens,
            TopLogProbabilities = TopLogProbabilities ?? own.TopLogProbabilities,
        };
    }
}
