using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi.Responses;

/// <summary>A request for a response, read.</summary>
internal sealed record ResponseRequest
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "model", "input", "instructions", "stream", "store", "previous_response_id", "max_output_tokens", "temperature", "top_p", "tools", "tool_choice", "text", "metadata", "truncation", "background", "user",
        "top_k", "min_p", "repeat_penalty", "grammar", "seed", "stop", "frequency_penalty", "presence_penalty",
    };

    /// <summary>What is understood and has no effect here.</summary>
    private static readonly HashSet<string> PassedOver = new(StringComparer.Ordinal)
    {
        "parallel_tool_calls", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "reasoning", "include", "stream_options", "max_tool_calls",
    };

    public required string Model { get; init; }

    public string Instructions { get; init; } = "";

    /// <summary>What is asked, as items.</summary>
    public required JsonArray Input { get; init; }

    /// <summary>The same as messages, and what system messages among them say.</summary>
    public required (string System, ImmutableArray<ChatMessage> Messages) Asked { get; init; }

    public required ChatOptions Options { get; init; }

    public string Previous { get; init; } = "";

    public bool Stream { get; init; }

    public bool Store { get; init; } = true;

    public string User { get; init; } = "";

    /// <summary>The request itself, of which the response repeats some fields.</summary>
    public required JsonFields Said { get; init; }

    /// <exception cref="OpenAiException">A field is missing, wrong or not supported.</exception>
    public static ResponseRequest Read(JsonElement body)
    {
        var fields = new JsonFields(body, "");
        fields.RefuseOthers(Known, PassedOver);
        if (fields.Flag("background") == true)
        {
            throw OpenAiException.NotSupported("background", "a response is given to the request that asks for it; spawn a process for work without one");
        }

        if (fields.Text("truncation") is { } truncation && truncation is not ("auto" or "disabled"))
        {
            throw OpenAiException.Wrong("truncation", $"'truncation' is '{truncation}': use auto or disabled.");
        }

        var model = fields.NeededText("model");
        var input = ResponseItems.Input(fields);
        return new ResponseRequest
        {
            Model = model,
            Instructions = fields.Text("instructions") ?? "",
            Input = input,
            Asked = ResponseItems.Messages(input, "input"),
            Options = ReadOptions(fields),
            Previous = fields.Text("previous_response_id") ?? "",
            Stream = fields.Flag("stream") ?? false,
            Store = fields.Flag("store") ?? true,
            User = fields.Text("user") ?? "",
            Said = fields,
        };
    }

    private static ChatOptions ReadOptions(JsonFields fields)
    {
        var options = SamplingFields.Read(fields);
        options.MaxOutputTokens = fields.Count("max_output_tokens", 1, int.MaxValue);
        options.ResponseFormat = fields.Object("text")?.Object("format") is { } format ? Format(format) : null;
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

                var function = ToolFields.Declaration(tool);
                names.Add(function.Name);
                options.Tools.Add(function);
            }
        }

        options.ToolMode = ToolFields.Choice(fields, names, choice => choice.NeededText("name"));
        return options;
    }

    private static ChatResponseFormatJson? Format(JsonFields format) => format.NeededText("type") switch
    {
        "text" => null,
        "json_object" => ChatResponseFormat.Json,
        "json_schema" => ChatResponseFormat.ForJsonSchema(format.NeededObject("schema").Json, format.NeededText("name"), format.Text("description")),
        var other => throw OpenAiException.Wrong(format.NameOf("type"), $"'{format.NameOf("type")}' is '{other}': use text, json_object or json_schema."),
    };
}
