using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Client;
using LLMOS.Cognition.Inference;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal sealed class EmbeddingsEndpoint(LlmosClient client, ModelNames models)
{
    private const int MaxInputs = 2_048;

    public async Task AnswerAsync(HttpContext context, JsonElement body)
    {
        var fields = new JsonFields(body, "");
        var asked = fields.NeededText("model");
        var model = models.Find(asked);
        var texts = Inputs(fields);
        var isBase64 = fields.Text("encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            var other => throw OpenAiException.Wrong("encoding_format", $"'encoding_format' is '{other}': use float or base64."),
        };

        var inference = client.Grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(model, 0));
        var admission = await AsServer.CallAsync(inference.AdmitAsync).WaitAsync(context.RequestAborted);
        if (!admission.Accepted)
        {
            throw LlmosException.Unavailable(admission.Reason);
        }

        var vectors = await AsServer.CallAsync(() => inference.EmbedAsync(texts)).WaitAsync(context.RequestAborted);
        var dimensions = fields.Count("dimensions", 1, int.MaxValue);
        if (dimensions is { } wanted && wanted != vectors[0].Length)
        {
            throw OpenAiException.Wrong("dimensions", $"'dimensions' is {wanted}, and '{asked}' makes vectors of {vectors[0].Length} floats: ask for that number, or leave it out.");
        }

        var counts = await AsServer.CallAsync(() => inference.CountTokensAsync(texts));
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
            ["usage"] = new JsonObject { ["prompt_tokens"] = counts.Sum(), ["total_tokens"] = counts.Sum() },
        };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(result.ToJsonString(), context.RequestAborted);
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
