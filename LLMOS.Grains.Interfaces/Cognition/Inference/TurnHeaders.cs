using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LLMOS.Cognition.Inference;

/// <summary>The headers by which a message says how it wants to be answered and a response what its text does not, each of them JSON.</summary>
public static class TurnHeaders
{
    /// <summary>In a REQUEST: <see cref="TurnOptions"/>.</summary>
    public const string Options = "turn-options";

    /// <summary>In a REQUEST: the <see cref="ToolResults"/> that it brings. Its payload has them for people to read.</summary>
    public const string Results = "tool-results";

    /// <summary>In a RESPONSE: the list of <see cref="ToolCall"/>s that the process wants made. Their results are its next message.</summary>
    public const string Calls = "tool-calls";

    /// <summary>In a RESPONSE: the <see cref="InferenceUsage"/> of the turn; missing when the answer is an earlier one that was found again.</summary>
    public const string Usage = "usage";

    /// <summary>In a RESPONSE: the list of <see cref="TokenLikelihood"/>s of its tokens, where they were asked for.</summary>
    public const string Likelihoods = "likelihoods";

    public static string Write(TurnOptions options) => JsonSerializer.Serialize(options, TurnJson.Compact.TurnOptions);

    public static string Write(ToolResults results) => JsonSerializer.Serialize(results, TurnJson.Compact.ToolResults);

    public static string Write(ImmutableArray<ToolCall> calls) => JsonSerializer.Serialize(calls, TurnJson.Compact.ImmutableArrayToolCall);

    public static string Write(InferenceUsage usage) => JsonSerializer.Serialize(usage, TurnJson.Compact.InferenceUsage);

    public static string Write(ImmutableArray<TokenLikelihood> likelihoods) =>
        JsonSerializer.Serialize(likelihoods, TurnJson.Compact.ImmutableArrayTokenLikelihood);

    /// <exception cref="LlmosException">It is no such JSON.</exception>
    public static TurnOptions ReadOptions(string json) => Read(json, TurnJson.Compact.TurnOptions, Options, "{\"Temperature\":0}").Complete();

    /// <exception cref="LlmosException">It is no such JSON.</exception>
    public static ToolResults ReadResults(string json) =>
        Read(json, TurnJson.Compact.ToolResults, Results, "{\"Results\":[{\"CallId\":\"a1\",\"Text\":\"21\"}],\"Text\":\"\"}");

    /// <exception cref="LlmosException">It is no such JSON.</exception>
    public static ImmutableArray<ToolCall> ReadCalls(string json) =>
        Read(json, TurnJson.Compact.ImmutableArrayToolCall, Calls, "[{\"Id\":\"a1\",\"Name\":\"look\",\"Arguments\":\"{}\"}]");

    /// <exception cref="LlmosException">It is no such JSON.</exception>
    public static InferenceUsage ReadUsage(string json) => Read(json, TurnJson.Compact.InferenceUsage, Usage, "{\"FinishReason\":\"Stop\",…}");

    /// <exception cref="LlmosException">It is no such JSON.</exception>
    public static ImmutableArray<TokenLikelihood> ReadLikelihoods(string json) =>
        Read(json, TurnJson.Compact.ImmutableArrayTokenLikelihood, Likelihoods, "[{\"Token\":5,…}]");

    private static T Read<T>(string json, JsonTypeInfo<T> type, string header, string example)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("it is null");
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException)
        {
            throw LlmosException.InvalidArgument($"The header '{header}' is not JSON such as {example}: {wrong.Message}");
        }
    }
}
