using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>Reads the body of a request for chat completions, with the defaults that OpenAI documents.</summary>
internal static class ChatRequestReader
{
    private const int MaxChoices = 16;
    private const int MaxStops = 4;

    /// <summary>What is understood and has no effect here.</summary>
    private static readonly HashSet<string> PassedOver = new(StringComparer.Ordinal)
    {
        "user", "metadata", "store", "service_tier", "parallel_tool_calls", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "reasoning_effort", "verbosity",
    };

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "model", "messages", "stream", "stream_options", "n", "max_tokens", "max_completion_tokens", "temperature", "top_p", "seed", "stop", "frequency_penalty",
        "presence_penalty", "logit_bias", "logprobs", "top_logprobs", "response_format", "tools", "tool_choice", "modalities",
        "top_k", "min_p", "repeat_penalty", "grammar",
    };

    /// <exception cref="OpenAiException">A field is missing, wrong or not supported.</exception>
    public static ChatRequest Read(JsonElement body)
    {
        var fields = new JsonFields(body, "");
        foreach (var field in body.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null && !Known.Contains(field.Name) && !PassedOver.Contains(field.Name))
            {
                throw OpenAiException.NotSupported(field.Name, "the documentation lists what is");
            }
        }

        if (fields.List("modalities") is { } modalities && modalities.Any(modality => modality.Item.ValueKind != JsonValueKind.String || modality.Item.GetString() != "text"))
        {
            throw OpenAiException.NotSupported("modalities", "answers are text");
        }

        var model = fields.NeededText("model");
        var (system, messages) = ChatMessageReader.Read(fields);
        var wantsLikelihoods = fields.Flag("logprobs") ?? false;
        var top = fields.Count("top_logprobs", 0, 20);
        if (top is not null && !wantsLikelihoods)
        {
            throw OpenAiException.Wrong("top_logprobs", "'top_logprobs' is asked for without 'logprobs': set that to true.");
        }

        return new ChatRequest
        {
            Model = model,
            System = system,
            Messages = messages,
            Options = Options(fields, wantsLikelihoods ? top ?? 0 : null),
            Choices = fields.Count("n", 1, MaxChoices) ?? 1,
            Stream = fields.Flag("stream") ?? false,
            IncludeUsage = fields.Object("stream_options")?.Flag("include_usage") ?? false,
            LogProbabilities = wantsLikelihoods,
        };
    }

    private static ChatOptions Options(JsonFields fields, int? topLikelihoods)
    {
        var options = new ChatOptions
        {
            MaxOutputTokens = fields.Count("max_completion_tokens", 1, int.MaxValue) ?? fields.Count("max_tokens", 1, int.MaxValue),
            Temperature = (float)(fields.Number("temperature", 0, 2) ?? 1),
            TopP = (float)(fields.Number("top_p", 0, 1) ?? 1),
            TopK = fields.Count("top_k", 0, int.MaxValue) ?? 0,
            FrequencyPenalty = (float?)fields.Number("frequency_penalty", -2, 2),
            PresencePenalty = (float?)fields.Number("presence_penalty", -2, 2),
            Seed = Seed(fields),
            StopSequences = Stops(fields),
            ResponseFormat = Format(fields),
            AdditionalProperties = [],
        };
        Tools(fields, options);
        foreach (var name in (string[])["logit_bias", "min_p", "repeat_penalty", "grammar"])
        {
            if (fields.Get(name) is { } value)
            {
                options.AdditionalProperties[name] = value;
            }
        }

        if (topLikelihoods is { } top)
        {
            options.AdditionalProperties["top_logprobs"] = top;
        }

        return options;
    }

    private static long? Seed(JsonFields fields) => fields.Get("seed") is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seed) ? seed
        : throw fields.Wrong("seed", value, "a whole number");

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

    private static ChatResponseFormatJson? Format(JsonFields fields)
    {
        if (fields.Object("response_format") is not { } format)
        {
            return null;
        }

        switch (format.NeededText("type"))
        {
            case "text":
                return null;
            case "json_object":
                return ChatResponseFormat.Json;
            case "json_schema":
                var schema = format.NeededObject("json_schema");
                return ChatResponseFormat.ForJsonSchema(schema.NeededObject("schema").Json, schema.NeededText("name"), schema.Text("description"));
            case var other:
                throw OpenAiException.Wrong("response_format.type", $"'response_format.type' is '{other}': use text, json_object or json_schema.");
        }
    }

    private static void Tools(JsonFields fields, ChatOptions options)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (fields.List("tools") is { } tools)
        {
            options.Tools = [];
            foreach (var (item, path) in tools)
            {
                var tool = new JsonFields(item, path);
                if (tool.NeededText("type") is var type && type != "function")
                {
                    throw OpenAiException.NotSupported($"{path}.type", $"tools are functions, and this is a '{type}'");
                }

                var function = tool.NeededObject("function");
                var name = function.NeededText("name");
                names.Add(name);
                options.Tools.Add(AIFunctionFactory.CreateDeclaration(
                    name, function.Text("description") ?? "", function.Object("parameters")?.Json ?? JsonElement.Parse("""{"type":"object","properties":{}}""")));
            }
        }

        options.ToolMode = Choice(fields, names);
    }

    private static ChatToolMode? Choice(JsonFields fields, HashSet<string> names)
    {
        if (fields.Get("tool_choice") is not { } choice)
        {
            return null;
        }

        if (choice.ValueKind == JsonValueKind.Object)
        {
            var name = fields.NeededObject("tool_choice").NeededObject("function").NeededText("name");
            return names.Contains(name)
                ? ChatToolMode.RequireSpecific(name)
                : throw OpenAiException.Wrong("tool_choice", $"'tool_choice' wants the function '{name}', which is not among 'tools'.");
        }

        return (choice.ValueKind == JsonValueKind.String ? choice.GetString() : null) switch
        {
            "auto" => ChatToolMode.Auto,
            "none" => ChatToolMode.None,
            "required" when names.Count == 0 => throw OpenAiException.Wrong("tool_choice", "'tool_choice' is 'required' and there are no 'tools'."),
            "required" => ChatToolMode.RequireAny,
            _ => throw fields.Wrong("tool_choice", choice, "auto, none, required or a function"),
        };
    }
}
