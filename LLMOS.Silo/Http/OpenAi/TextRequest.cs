using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>A request for completions of texts, read.</summary>
internal sealed record TextRequest
{
    private const int MaxPrompts = 16;
    private const int MaxChoices = 16;
    private const int MaxLikelihoods = 5;

    // What this endpoint generates when nothing is said.
    private const int DefaultTokens = 16;

    private static readonly HashSet<string> Known =
        new([.. SamplingFields.Known, "model", "prompt", "stream", "stream_options", "n", "best_of", "echo", "logprobs", "suffix"], StringComparer.Ordinal);

    private static readonly HashSet<string> PassedOver = new(StringComparer.Ordinal) { "user" };

    public required string Model { get; init; }

    public required ImmutableArray<string> Prompts { get; init; }

    public required ChatOptions Options { get; init; }

    /// <summary>How many answers to each prompt.</summary>
    public int Choices { get; init; } = 1;

    public bool Stream { get; init; }

    public bool IncludeUsage { get; init; }

    /// <summary>Whether the answer begins with its prompt.</summary>
    public bool Echo { get; init; }

    /// <exception cref="OpenAiException">A field is missing, wrong or not supported.</exception>
    public static TextRequest Read(JsonElement body)
    {
        var fields = new JsonFields(body, "");
        fields.RefuseOthers(Known, PassedOver);
        if (fields.Text("suffix") is { Length: > 0 })
        {
            throw OpenAiException.NotSupported("suffix", "texts are gone on with, not filled in");
        }

        var choices = fields.Count("n", 1, MaxChoices) ?? 1;
        if (fields.Count("best_of", 1, MaxChoices) is { } best && best != choices)
        {
            throw OpenAiException.NotSupported("best_of", "all answers are given; ask for them with 'n'");
        }

        var options = SamplingFields.Read(fields);
        options.MaxOutputTokens ??= DefaultTokens;
        options.AdditionalProperties!["raw_prompt"] = true;
        if (fields.Count("logprobs", 0, MaxLikelihoods) is { } top)
        {
            options.AdditionalProperties["top_logprobs"] = top;
        }

        return new TextRequest
        {
            Model = fields.NeededText("model"),
            Prompts = ReadPrompts(fields),
            Options = options,
            Choices = choices,
            Stream = fields.Flag("stream") ?? false,
            IncludeUsage = fields.Object("stream_options")?.Flag("include_usage") ?? false,
            Echo = fields.Flag("echo") ?? false,
        };
    }

    /// <summary>One prompt of it, as a process is asked.</summary>
    public ChatRequest For(string prompt) => new()
    {
        Model = Model,
        System = "",
        Messages = [new ChatMessage(ChatRole.User, prompt)],
        Options = Options,
        Choices = Choices,
        IsRaw = true,
    };

    private static ImmutableArray<string> ReadPrompts(JsonFields fields)
    {
        var prompt = fields.Get("prompt") ?? throw new OpenAiException(StatusCodes.Status400BadRequest, "'prompt' is missing.", "prompt", "missing_required_parameter");
        ImmutableArray<string> texts = prompt.ValueKind switch
        {
            JsonValueKind.String => [prompt.GetString()!],
            JsonValueKind.Array when prompt.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => [.. prompt.EnumerateArray().Select(item => item.GetString()!)],
            JsonValueKind.Array when prompt.EnumerateArray().All(item => item.ValueKind is JsonValueKind.Number or JsonValueKind.Array) =>
                throw OpenAiException.NotSupported("prompt", "tokens are the numbers of one model's vocabulary; send texts"),
            _ => throw fields.Wrong("prompt", prompt, "a text, or a list of texts"),
        };
        return texts.Length is > 0 and <= MaxPrompts && texts.All(text => !string.IsNullOrWhiteSpace(text))
            ? texts
            : throw OpenAiException.Wrong("prompt", string.Create(CultureInfo.InvariantCulture, $"'prompt' has {texts.Length} texts, of which {texts.Count(string.IsNullOrWhiteSpace)} are empty: send 1 to {MaxPrompts}, none of them empty."));
    }
}
