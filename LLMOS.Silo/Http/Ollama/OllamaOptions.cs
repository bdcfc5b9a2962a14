using System.Text.Json;
using LLMOS.Silo.Http.OpenAi;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.Ollama;

/// <summary>Reads a request's <c>options</c>, with Ollama's defaults.</summary>
internal static class OllamaOptions
{
    private const float DefaultTemperature = 0.8f;
    private const int DefaultTopK = 40;
    private const float DefaultTopP = 0.9f;

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "temperature", "top_k", "top_p", "min_p", "seed", "num_predict", "stop", "repeat_penalty", "repeat_last_n", "presence_penalty", "frequency_penalty",
    };

    /// <summary>How a model is loaded is the configuration's to say.</summary>
    private static readonly HashSet<string> PassedOver = new(StringComparer.Ordinal)
    {
        "num_ctx", "num_batch", "num_gpu", "main_gpu", "num_thread", "num_keep", "use_mmap", "use_mlock", "numa", "low_vram", "f16_kv", "vocab_only", "logits_all", "penalize_newline",
    };

    /// <exception cref="OpenAiException">An option is wrong or not supported.</exception>
    public static ChatOptions Read(JsonFields? said)
    {
        var options = new ChatOptions { Temperature = DefaultTemperature, TopK = DefaultTopK, TopP = DefaultTopP, AdditionalProperties = [] };
        if (said is not { } fields)
        {
            return options;
        }

        fields.RefuseOthers(Known, PassedOver);
        options.Temperature = (float)(fields.Number("temperature", 0, 10) ?? DefaultTemperature);
        options.TopK = fields.Count("top_k", 0, int.MaxValue) ?? DefaultTopK;
        options.TopP = (float)(fields.Number("top_p", 0, 1) ?? DefaultTopP);
        options.Seed = fields.Whole("seed") is >= 0 and var seed ? seed : null;
        options.MaxOutputTokens = fields.Count("num_predict", -2, int.MaxValue) is > 0 and var most ? most : null;
        options.FrequencyPenalty = (float?)fields.Number("frequency_penalty", -2, 2);
        options.PresencePenalty = (float?)fields.Number("presence_penalty", -2, 2);
        options.StopSequences = Stops(fields);
        foreach (var (name, own) in ((string, string)[])[("min_p", "min_p"), ("repeat_penalty", "repeat_penalty"), ("repeat_last_n", "penalty_window")])
        {
            if (fields.Get(name) is { } value)
            {
                options.AdditionalProperties![own] = value;
            }
        }

        return options;
    }

    private static List<string>? Stops(JsonFields fields) => fields.Get("stop") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => [text.GetString()!],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(stop => stop.ValueKind == JsonValueKind.String) => [.. list.EnumerateArray().Select(stop => stop.GetString()!)],
        { } other => throw fields.Wrong("stop", other, "a text or a list of texts"),
    };
}
