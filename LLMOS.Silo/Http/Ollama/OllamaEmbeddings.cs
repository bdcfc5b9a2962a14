using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Silo.Http.OpenAi;

namespace LLMOS.Silo.Http.Ollama;

/// <summary><c>POST /api/embed</c>.</summary>
internal sealed class OllamaEmbeddings(ChatSessions chats, EmbeddingsEndpoint embeddings, ModelNames models)
{
    public async Task AnswerAsync(HttpContext context, JsonElement body)
    {
        var started = Stopwatch.GetTimestamp();
        var fields = new JsonFields(body, "");
        var asked = fields.NeededText("model");
        var model = models.Find(ModelTag.Of(asked, models));
        _ = await chats.LoadAsync(model);
        var loaded = Stopwatch.GetElapsedTime(started);
        var (vectors, tokens) = await embeddings.EmbedAsync(fields, asked, model, context.RequestAborted);
        await HttpGuard.WriteAsync(context, new JsonObject
        {
            ["model"] = asked,
            ["embeddings"] = new JsonArray([.. vectors.Select(vector => new JsonArray([.. vector.Select(value => JsonValue.Create(value))]))]),
            ["total_duration"] = OllamaEnd.Nanoseconds(Stopwatch.GetElapsedTime(started)),
            ["load_duration"] = OllamaEnd.Nanoseconds(loaded),
            ["prompt_eval_count"] = tokens,
        });
    }
}
