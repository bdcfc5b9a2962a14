using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>Reads the body of a request for chat completions, with the defaults that OpenAI documents.</summary>
internal static class ChatRequestReader
{
    private const int MaxChoices = 16;

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
        fields.RefuseOthers(Known, PassedOver);

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
            User = fields.Text("user") ?? "",
        };
    }

    private static ChatOptions Options(JsonFields fields, int? topLikelihoods)
    {
        var options = SamplingFields.Read(fields);
        options.MaxOutputTokens = fields.Count("max_completion_tokens", 1, int.MaxValue) ?? options.MaxOutputTokens;
        options.ResponseFormat = Format(fields);
        Tools(fields, options);
        if (topLikelihoods is { } top)
        {
            options.AdditionalProperties!["top_logprobs"] = top;
        }

        return options;
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

                var function = ToolFields.Declaration(tool.NeededObject("function"));
                names.Add(function.Name);
                options.Tools.Add(function);
            }
        }

        options.ToolMode = ToolFields.Choice(fields, names, choice => choice.NeededObject("function").NeededText("name"));
    }
}
