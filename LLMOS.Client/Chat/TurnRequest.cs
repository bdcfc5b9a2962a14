using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LLMOS.Cognition.Inference;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.Chat;

/// <summary>
/// <see cref="ChatOptions"/> as the options of a process's turn. What they have no property for is taken from their additional properties by the
/// names that OpenAI-compatible servers use: <c>min_p</c>, <c>repeat_penalty</c>, <c>penalty_window</c>, <c>logit_bias</c>, <c>forbidden_tokens</c>,
/// <c>top_logprobs</c>, <c>grammar</c> (GBNF), <c>reservation</c>, <c>raw_prompt</c> (the message is a prompt that is gone on with, without a chat template). Others are passed over.
/// </summary>
internal static class TurnRequest
{
    /// <summary>Most characters of all options together, the schemas of functions among them.</summary>
    private const int MaxLength = 256 * 1024;

    /// <summary>The headers that carry options and results; none where there is nothing to say.</summary>
    /// <exception cref="LlmosException">An option is wrong, or is nothing that a process knows.</exception>
    public static ImmutableDictionary<string, string> Headers(ChatOptions? options, ToolResults? results)
    {
        var headers = ImmutableDictionary<string, string>.Empty;
        if (results is not null)
        {
            headers = headers.Add(TurnHeaders.Results, TurnHeaders.Write(results));
        }

        if (options is null)
        {
            return headers;
        }

        var turn = TurnHeaders.Write(Of(options));
        if (turn.Length > MaxLength)
        {
            throw LlmosException.InvalidArgument($"The options of the request have {turn.Length} characters and at most {MaxLength} travel with a message: give fewer functions, or shorter schemas.");
        }

        return turn == TurnHeaders.Write(new TurnOptions()) ? headers : headers.Add(TurnHeaders.Options, turn);
    }

    private static TurnOptions Of(ChatOptions options)
    {
        var (choice, required) = Choice(options.ToolMode);
        return new TurnOptions
        {
            MaxTokens = options.MaxOutputTokens,
            Temperature = options.Temperature,
            TopK = options.TopK,
            TopP = options.TopP,
            MinP = Number(options, "min_p"),
            Seed = options.Seed is { } seed ? unchecked((ulong)seed) : null,
            Grammar = options.AdditionalProperties?.TryGetValue("grammar", out var grammar) == true ? Text("grammar", grammar) : null,
            JsonSchema = Schema(options.ResponseFormat),
            Stop = [.. options.StopSequences ?? []],
            RepeatPenalty = Number(options, "repeat_penalty"),
            FrequencyPenalty = options.FrequencyPenalty,
            PresencePenalty = options.PresencePenalty,
            PenaltyWindow = Count(options, "penalty_window"),
            LogitBias = Read(options, "logit_bias", "tokens with numbers, such as {\"15\": -1}", ReadBias) ?? ImmutableDictionary<int, float>.Empty,
            ForbiddenTokens = Read(options, "forbidden_tokens", "a list of tokens, such as [15, 27]", ReadTokens) ?? [],
            TopLogProbabilities = Count(options, "top_logprobs"),
            Reservation = Count(options, "reservation"),
            Tools = [.. (options.Tools ?? []).Select(Tool)],
            ToolChoice = choice,
            RequiredTool = required,
            IsRaw = Read<bool?>(options, "raw_prompt", "true or false", value => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null) ?? false,
        };
    }

    private static ToolDeclaration Tool(AITool tool) => tool is AIFunctionDeclaration function
        ? new ToolDeclaration(function.Name, function.Description, function.JsonSchema.ValueKind == JsonValueKind.Object ? function.JsonSchema.GetRawText() : "")
        : throw LlmosException.InvalidArgument($"A process calls functions; the tool '{tool.Name}' is a {tool.GetType().Name}: give an AIFunction, or its declaration.");

    private static (ToolChoice Choice, string Required) Choice(ChatToolMode? mode) => mode switch
    {
        NoneChatToolMode => (ToolChoice.None, ""),
        RequiredChatToolMode required => (ToolChoice.Required, required.RequiredFunctionName ?? ""),
        _ => (ToolChoice.Auto, ""),
    };

    private static string? Schema(ChatResponseFormat? format) => format switch
    {
        ChatResponseFormatJson { Schema: { } schema } => schema.GetRawText(),
        ChatResponseFormatJson => """{"type":"object"}""",
        _ => null,
    };

    private static float? Number(ChatOptions options, string name) =>
        Read<float?>(options, name, "a number", value => value.ValueKind == JsonValueKind.Number ? value.GetSingle() : null);

    private static int? Count(ChatOptions options, string name) =>
        Read<int?>(options, name, "a whole number", value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) ? count : null);

    private static ImmutableDictionary<int, float>? ReadBias(JsonElement value) =>
        value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(member => !IsToken(member.Name) || member.Value.ValueKind != JsonValueKind.Number)
            ? null
            : value.EnumerateObject().ToImmutableDictionary(member => int.Parse(member.Name, CultureInfo.InvariantCulture), member => member.Value.GetSingle());

    private static ImmutableArray<int>? ReadTokens(JsonElement value) =>
        value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out _))
            ? null
            : [.. value.EnumerateArray().Select(item => item.GetInt32())];

    private static bool IsToken(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static T? Read<T>(ChatOptions options, string name, string wanted, Func<JsonElement, T> read)
    {
        if (options.AdditionalProperties?.TryGetValue(name, out var given) != true || given is null)
        {
            return default;
        }

        var value = given is JsonElement json ? json : JsonSerializer.SerializeToElement(given, AIJsonUtilities.DefaultOptions.GetTypeInfo(given.GetType()));
        return read(value) is { } result
            ? result
            : throw LlmosException.InvalidArgument($"The option '{name}' is {value.GetRawText()}: it must be {wanted}.");
    }

    private static string Text(string name, object? value) => value switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        _ => throw LlmosException.InvalidArgument($"The option '{name}' is {value ?? "null"}: it must be a text."),
    };
}
