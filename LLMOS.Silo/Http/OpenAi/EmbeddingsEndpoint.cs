using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal sealed class EmbeddingsEndpoint(ChatSessions chats, ModelNames models)
{
    private const int MaxInputs = 2_048;

    public async Task AnswerAsync(HttpContext context, JsonElement body)
    {
        var fields = new JsonFields(body, "");
        var asked = fields.NeededText("model");
        var model = models.Find(asked);
        var isBase64 = fields.Text("encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            var other => throw OpenAiException.Wrong("encoding_format", $"'encoding_format' is '{other}': use float or base64."),
        };

        var (vectors, tokens) = await EmbedAsync(fields, asked, model, context.RequestAborted);
        var data = new JsonArray();
        foreach (var vector in vectors)
        {
            JsonNode embedding = isBase64
                ? JsonValue.Create(Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector)))
                : new JsonArray([.. vector.Select(value => JsonValue.Create(value))]);
            data.Add((JsonNode)new JsonObject { ["object"] = "embedding", ["index"] = data.Count, ["embedding"] = embedding });
        }

        var result = new JsonObject
        {
            ["object"] = "list",
            ["data"] = data,
            ["model"] = asked,
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        };
        await HttpGuard.WriteAsync(context, result);
    }

    /// <summary>The vectors of a request's <c>input</c>, and how many tokens that has.</summary>
    /// <exception cref="OpenAiException">The input is wrong, or vectors of other <c>dimensions</c> than the model makes are wanted.</exception>
    public async Task<(ImmutableArray<float[]> Vectors, int Tokens)> EmbedAsync(JsonFields fields, string asked, string model, CancellationToken cancellationToken)
    {
        var texts = Inputs(fields);
        var wanted = fields.Count("dimensions", 1, int.MaxValue);
        var (inference, _) = await chats.LoadAsync(model).WaitAsync(cancellationToken);
        var vectors = await AsServer.CallAsync(() => inference.EmbedAsync(texts)).WaitAsync(cancellationToken);
        if (wanted > vectors[0].Length)
        {
            throw OpenAiException.Wrong("dimensions", $"'dimensions' is {wanted}, and '{asked}' makes vectors of {vectors[0].Length} floats: ask for that number or fewer, or leave it out.");
        }

        var counts = await AsServer.CallAsync(() => inference.CountTokensAsync(texts)).WaitAsync(cancellationToken);
        return (wanted is { } length && length < vectors[0].Length ? [.. vectors.Select(vector => Shorten(vector, length))] : vectors, counts.Sum());
    }

    /// <summary>The first floats of a vector, of unit length again, as OpenAI's servers shorten theirs.</summary>
    private static float[] Shorten(float[] vector, int length)
    {
        var shorter = vector.AsSpan(0, length).ToArray();
        var norm = TensorPrimitives.Norm<float>(shorter);
        if (norm > 0)
        {
            TensorPrimitives.Divide(shorter, norm, shorter);
        }

        return shorter;
    }

    private static ImmutableArray<string> Inputs(JsonFields fields)
    {
        var input = fields.Get("input") ?? throw new OpenAiException(StatusCodes.Status400BadRequest, "'input' is missing.", "input", "missing_required_parameter");
        ImmutableArray<string> texts = input.ValueKind switch
        {
            JsonValueKind.String => [input.GetString()!],
            JsonValueKind.Array when input.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => [.. input.EnumerateArray().Select(item => item.GetString()!)],
            JsonValueKind.Array when input.EnumerateArray().All(item => item.ValueKind is JsonValueKind.Number or JsonValueKind.Array) =>
                throw OpenAiException.NotSupported("input", "tokens are the numbers of one model's vocabulary; send texts"),
            _ => throw fields.Wrong("input", input, "a text, or a list of texts"),
        };
        return texts.Length is > 0 and <= MaxInputs && texts.All(text => text.Length > 0)
            ? texts
            : throw OpenAiException.Wrong("input", $"'input' has {texts.Length} texts, of which {texts.Count(text => text.Length == 0)} are empty: send 1 to {MaxInputs}, none of them empty.");
    }
}
