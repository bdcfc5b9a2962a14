using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Client;
using LLMOS.Cognition.Inference;
using LLMOS.SystemInterface.Conversations;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi.Responses;

/// <summary><c>/v1/responses</c>: responses that are kept, each by a process that lives on for the next one.</summary>
internal sealed class ResponsesEndpoint(LlmosClient client, ChatSessions chats, ModelNames models, ResponseStore store, TimeProvider time)
{
    public async Task AnswerAsync(HttpContext context, JsonElement body)
    {
        var request = ResponseRequest.Read(body);
        var model = models.Find(request.Model);
        var (session, chat, system) = await OpenAsync(context, request, model);
        await using (session)
        {
            var id = ResponseItems.NewId("resp");
            var response = ResponseJson.Begun(id, time.GetUtcNow(), request);
            var keep = () => KeepAsync(context, request, session, system, id, response);
            await (request.Stream ? StreamAsync(context, session, chat, response, keep) : WriteAsync(context, session, chat, response, keep));
        }
    }

    public async Task ShowAsync(HttpContext context, string id) => await HttpGuard.WriteAsync(context, JsonNode.Parse((await store.FindAsync(context, id)).Json)!);

    public async Task ShowInputAsync(HttpContext context, string id)
    {
        var items = JsonNode.Parse((await store.FindAsync(context, id)).Input)!.AsArray();

        // The newest first, as OpenAI's servers have it.
        var data = new JsonArray([.. items.Reverse().Select(item => item!.DeepClone())]);
        await HttpGuard.WriteAsync(context, new JsonObject
        {
            ["object"] = "list",
            ["data"] = data,
            ["first_id"] = data[0]!["id"]!.DeepClone(),
            ["last_id"] = data[^1]!["id"]!.DeepClone(),
            ["has_more"] = false,
        });
    }

    public async Task DeleteAsync(HttpContext context, string id)
    {
        await store.DeleteAsync(context, id);
        await HttpGuard.WriteAsync(context, new JsonObject { ["id"] = id, ["object"] = "response", ["deleted"] = true });
    }

    private async Task<(ChatSession Session, ChatRequest Chat, string System)> OpenAsync(HttpContext context, ResponseRequest request, string model)
    {
        var previous = request.Previous.Length > 0 ? await store.FindAsync(context, request.Previous, "previous_response_id") : null;
        var system = Join(previous?.System ?? "", request.Asked.System);
        var chat = new ChatRequest
        {
            Model = request.Model,
            System = Join(request.Instructions, system),
            Messages = request.Asked.Messages,
            Options = request.Options,
            User = request.User,
        };
        if (chat.Messages is [] or [.., { Role.Value: "assistant" }])
        {
            throw OpenAiException.Wrong("input", "There is nothing to answer: 'input' must end with a message of the user or the output of a function.");
        }

        if (previous is not null)
        {
            var hasOwn = chat.Messages.Any(message => message.Role == ChatRole.Assistant);
            if (!hasOwn && await store.ClaimAsync(request.Previous, previous, chat.System, model == Thinker.DefaultModel ? "" : model) is { } process)
            {
                var session = ChatSession.OwnerOf(client, process);
                try
                {
                    await chats.CheckLengthAsync(chat, model);
                    return (session, chat, system);
                }
                catch
                {
                    await session.DisposeAsync();
                    throw;
                }
            }

            chat = chat with { Messages = [.. await store.HistoryAsync(context, previous), .. chat.Messages] };
        }

        return ((await chats.OpenAsync(context, chat, model, isKept: request.Store))[0], chat, system);
    }

    private async Task KeepAsync(HttpContext context, ResponseRequest request, ChatSession session, string system, string id, JsonObject response)
    {
        if (!request.Store)
        {
            return;
        }

        await store.StoreAsync(context, id, new StoredResponse
        {
            Owner = "",
            Json = response.ToJsonString(),
            Input = request.Input.ToJsonString(),
            Previous = request.Previous,
            Pid = session.Pid,
            System = system,
            CreatedAt = time.GetUtcNow(),
        });
        session.Keep();
    }

    private static async Task WriteAsync(HttpContext context, ChatSession session, ChatRequest chat, JsonObject response, Func<Task> keep)
    {
        var answer = new ResponseAnswer(static (_, _) => Task.CompletedTask);
        await foreach (var update in session.AnswerAsync(chat, 0, context.RequestAborted))
        {
            await answer.TakeAsync(update);
        }

        await answer.EndAsync();
        ResponseJson.End(response, answer);
        await keep();
        await HttpGuard.WriteAsync(context, response);
    }

    private static async Task StreamAsync(HttpContext context, ChatSession session, ChatRequest chat, JsonObject response, Func<Task> keep)
    {
        var stop = context.RequestAborted;
        using var events = new ServerSentEvents(context.Response);
        var sequence = 0;
        var answer = new ResponseAnswer(SendAsync);
        var began = false;
        try
        {
            await foreach (var update in session.AnswerAsync(chat, 0, stop))
            {
                if (!began)
                {
                    // Not before there is something, so that what is wrong with the request has a status of its own.
                    began = true;
                    await SendAsync("response.created", Whole());
                    await SendAsync("response.in_progress", Whole());
                }

                await answer.TakeAsync(update);
            }

            await answer.EndAsync();
            ResponseJson.End(response, answer);
            await keep();
            await SendAsync(answer.IsCut ? "response.incomplete" : "response.completed", Whole());
        }
        catch (LlmosException error) when (context.Response.HasStarted)
        {
            ResponseJson.Fail(response, OpenAiException.Of(error));
            await SendAsync("response.failed", Whole());
        }

        JsonObject Whole() => new() { ["response"] = response.DeepClone() };

        Task SendAsync(string type, JsonObject body)
        {
            body.Insert(0, "type", type);
            body.Insert(1, "sequence_number", sequence++);
            return events.SendAsync(type, body, stop);
        }
    }

    private static string Join(string first, string second) => first.Length == 0 ? second : second.Length == 0 ? first : $"{first}\n\n{second}";
}
