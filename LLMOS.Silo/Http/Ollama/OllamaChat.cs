using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Silo.Http.OpenAi;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.Ollama;

/// <summary><c>POST /api/chat</c> and <c>POST /api/generate</c>: an answer in lines of JSON, or in one object.</summary>
internal sealed class OllamaChat(ChatSessions chats, ModelNames models, TimeProvider time)
{
    private delegate void Part(JsonObject line, string text, JsonArray? calls);

    public Task ChatAsync(HttpContext context, JsonElement body) => AnswerAsync(context, OllamaRequestReader.Chat(body), static (line, text, calls) =>
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text };
        if (calls is not null)
        {
            message["tool_calls"] = calls;
        }

        line["message"] = message;
    });

    public Task GenerateAsync(HttpContext context, JsonElement body) =>
        AnswerAsync(context, OllamaRequestReader.Generate(body), static (line, text, _) => line["response"] = text);

    private async Task AnswerAsync(HttpContext context, OllamaRequest request, Part part)
    {
        var started = Stopwatch.GetTimestamp();
        var model = models.Find(ModelTag.Of(request.Model, models));
        _ = await chats.LoadAsync(model);
        var loaded = Stopwatch.GetElapsedTime(started);
        if (request.Chat is not { } chat)
        {
            var idle = Line(request, part, "", null);
            idle["done"] = true;
            idle["done_reason"] = "load";
            await HttpGuard.WriteAsync(context, idle);
            return;
        }

        var sessions = await chats.OpenAsync(context, chat, model);
        try
        {
            var updates = sessions[0].AnswerAsync(chat, 0, context.RequestAborted);
            await (request.Stream ? StreamAsync(context, request, part, updates, started, loaded) : WriteAsync(context, request, part, updates, started, loaded));
        }
        finally
        {
            await ChatSessions.CloseAsync(sessions);
        }
    }

    private async Task WriteAsync(HttpContext context, OllamaRequest request, Part part, IAsyncEnumerable<ChatResponseUpdate> updates, long started, TimeSpan loaded)
    {
        var text = new StringBuilder();
        var calls = new List<FunctionCallContent>();
        var end = new OllamaEnd();
        await foreach (var update in updates)
        {
            text.Append(update.Text);
            calls.AddRange(update.Contents.OfType<FunctionCallContent>());
            end.Take(update);
        }

        var line = Line(request, part, text.ToString(), Calls(calls));
        end.WriteTo(line, Stopwatch.GetElapsedTime(started), loaded);
        await HttpGuard.WriteAsync(context, line);
    }

    private async Task StreamAsync(HttpContext context, OllamaRequest request, Part part, IAsyncEnumerable<ChatResponseUpdate> updates, long started, TimeSpan loaded)
    {
        var stop = context.RequestAborted;
        var end = new OllamaEnd();
        try
        {
            await foreach (var update in updates)
            {
                end.Take(update);
                var calls = Calls([.. update.Contents.OfType<FunctionCallContent>()]);
                if (update.Text.Length > 0 || calls is not null)
                {
                    await SendAsync(context, Line(request, part, update.Text, calls), stop);
                }
            }

            var last = Line(request, part, "", null);
            end.WriteTo(last, Stopwatch.GetElapsedTime(started), loaded);
            await SendAsync(context, last, stop);
        }
        catch (LlmosException error) when (context.Response.HasStarted)
        {
            // The status is gone with the first line; what is left is to say it in one of them.
            await SendAsync(context, OllamaEndpoints.Error(OpenAiException.Of(error)), stop);
        }
    }

    private JsonObject Line(OllamaRequest request, Part part, string text, JsonArray? calls)
    {
        var line = new JsonObject { ["model"] = request.Model, ["created_at"] = time.GetUtcNow().ToString("O") };
        part(line, text, calls);
        line["done"] = false;
        return line;
    }

    private static JsonArray? Calls(List<FunctionCallContent> calls) => calls.Count == 0 ? null : new JsonArray([.. calls.Select(call => (JsonNode)new JsonObject
    {
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = JsonSerializer.SerializeToNode(call.Arguments ?? new Dictionary<string, object?>()) },
    })]);

    private static async Task SendAsync(HttpContext context, JsonObject line, CancellationToken cancellationToken)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/x-ndjson";
        }

        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n"), cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }
}
