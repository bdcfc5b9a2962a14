using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>Reads how tokens are to be chosen, by the names and with the defaults that OpenAI documents.</summary>
internal static class SamplingFields
{
    private const int MaxStops = 4;

    /// <summary>The names that <see cref="Read"/> knows.</summary>
    public static readonly IReadOnlySet<string> Known = new HashSet<string>(StringComparer.Ordinal)
    {
        "max_tokens", "temperature", "top_p", "seed", "stop", "frequency_penalty", "presence_penalty", "logit_bias", "top_k", "min_p", "repeat_penalty", "grammar",
    };

    /// <exception cref="OpenAiException">A field is wrong.</exception>
    public static ChatOptions Read(JsonFields fields)
    {
        var options = new ChatOptions
        {
            MaxOutputTokens = fields.Count("max_tokens", 1, int.MaxValue),
            Temperature = (float)(fields.Number("temperature", 0, 2) ?? 1),
            TopP = (float)(fields.Number("top_p", 0, 1) ?? 1),
            TopK = fields.Count("top_k", 0, int.MaxValue) ?? 0,
            FrequencyPenalty = (float?)fields.Number("frequency_penalty", -2, 2),
            PresencePenalty = (float?)fields.Number("presence_penalty", -2, 2),
            Seed = fields.Whole("seed"),
            StopSequences = Stops(fields),
            AdditionalProperties = [],
        };
        foreach (var name in (string[])["logit_bias", "min_p", "repeat_penalty", "grammar"])
        {
            if (fields.Get(name) is { } value)
            {
                options.AdditionalProperties[name] = value;
            }
        }

        return options;
    }

    private static List<string>? Stops(JsonFields fields)
    {
        if (fields.Get("stop") is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return [value.GetString()!];
        }

        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= MaxStops && value.EnumerateArray().All(stop => stop.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(stop => stop.GetString()!)]
            : throw fields.Wrong("stop", value, string.Create(CultureInfo.InvariantCulture, $"a string, or a list of up to {MaxStops}"));
    }
}
