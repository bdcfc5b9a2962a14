using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Resources;
using LLMOS.Silo.Http.OpenAi;
using LLMOS.Silo.Models;

namespace LLMOS.Silo.Http.Ollama;

/// <summary><c>GET /api/tags</c>, <c>GET /api/ps</c> and <c>POST /api/show</c>.</summary>
internal sealed class OllamaModels(ModelNames models, ModelShelf shelf, IDeviceMap devices, ChatSessions chats)
{
    public Task ListAsync(HttpContext context) => HttpGuard.WriteAsync(context, new JsonObject
    {
        ["models"] = new JsonArray([.. models.List().Select(name => Model(name))]),
    });

    public Task ListLoadedAsync(HttpContext context) => HttpGuard.WriteAsync(context, new JsonObject
    {
        ["models"] = new JsonArray([.. devices.Devices.SelectMany(device => device.Models.Select(model => (device, model.Name))).GroupBy(loaded => loaded.Name).Select(loaded =>
        {
            var model = Model(loaded.Key);
            model["size_vram"] = loaded.Any(place => place.device.IsGpu) ? shelf.Find(loaded.Key)?.SizeBytes ?? 0 : 0;
            model["context_length"] = shelf.Find(loaded.Key)?.ContextLength ?? 0;
            return (JsonNode)model;
        })]),
    });

    public async Task ShowAsync(HttpContext context, JsonElement body)
    {
        var fields = new JsonFields(body, "");
        var asked = fields.Text("model") ?? fields.NeededText("name");
        var model = models.Find(ModelTag.Of(asked, models));

        // What a model can do is known once it is loaded.
        var (_, card) = await chats.LoadAsync(model);
        await HttpGuard.WriteAsync(context, new JsonObject
        {
            ["details"] = Details(model, card),
            ["model_info"] = new JsonObject
            {
                ["general.architecture"] = card.Architecture,
                ["general.parameter_count"] = card.Parameters,
                [$"{card.Architecture}.context_length"] = card.ContextLength,
            },
            ["capabilities"] = card.SupportsTools ? new JsonArray("completion", "tools") : new JsonArray("completion"),
        });
    }

    private JsonObject Model(string name)
    {
        var entry = shelf.Find(name);
        var model = new JsonObject { ["name"] = name, ["model"] = name, ["size"] = entry?.SizeBytes ?? 0, ["digest"] = "", ["details"] = Details(name, null) };
        if (entry is not null && File.Exists(entry.Path))
        {
            model["modified_at"] = File.GetLastWriteTimeUtc(entry.Path).ToString("O", CultureInfo.InvariantCulture);
        }

        return model;
    }

    private JsonObject Details(string name, ModelCard? card)
    {
        var entry = shelf.Find(name);
        var family = card?.Architecture ?? entry?.Architecture ?? "";
        return new JsonObject
        {
            ["format"] = entry is null ? "" : "gguf",
            ["family"] = family,
            ["families"] = family.Length > 0 ? new JsonArray(family) : [],
            ["parameter_size"] = card is { Parameters: > 0 } ? Size(card.Parameters) : "",
            ["quantization_level"] = entry?.Quantization ?? "",
        };
    }

    private static string Size(long parameters) => parameters switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{parameters / 1e9:0.#}B"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{parameters / 1e6:0.#}M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{parameters / 1e3:0.#}K"),
    };
}
