using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatCompletions(ChatSessions chats, ModelNames models, TimeProvider time)
{
    public async Task AnswerAsync(HttpContext context, JsonElement body)
    {
        var request = ChatRequestReader.Read(body);
        var model = models.Find(request.Model);
        var sessions = await chats.OpenAsync(context, request, model);
        try
        {
            var id = Guid.NewGuid().ToString("N");
            var envelope = new Func<string, JsonObject>(kind => ChatJson.Envelope($"chatcmpl-{id}", kind, time.GetUtcNow(), request.Model));
            await (request.Stream
                ? StreamAsync(context, request, sessions, envelope)
                : WriteAsync(context, request, sessions, envelope));
        }
        finally
        {
            // Also when the client went away: nobody reads on.
            await ChatSessions.CloseAsync(sessions);
        }
    }

    private static async Task WriteAsync(HttpContext context, ChatRequest request, List<ChatSession> sessions, Func<string, JsonObject> envelope)
    {
        var answers = await Task.WhenAll(sessions.Select((session, i) => CollectAsync(request, session, i, context.RequestAborted)));
        var usage = ChatUsage.Sum(answers.Select(answer => answer.Usage));
        var completion = envelope("chat.completion");
        completion["choices"] = new JsonArray([.. answers.Select(answer => answer.Choice)]);
        completion["usage"] = ChatJson.Usage(usage);
        await HttpGuard.WriteAsync(context, completion);
    }

    private static async Task<(JsonObject Choice, UsageDetails Usage)> CollectAsync(ChatRequest request, ChatSession session, int index, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var calls = new List<FunctionCallContent>();
        var usage = new UsageDetails();
        JsonObject? likelihoods = null;
        ChatFinishReason? finish = null;
        await foreach (var update in session.AnswerAsync(request, index, cancellationToken))
        {
            text.Append(update.Text);
            calls.AddRange(update.Contents.OfType<FunctionCallContent>());
            usage = update.Contents.OfType<UsageContent>().FirstOrDefault()?.Details ?? usage;
            likelihoods = ChatJson.Likelihoods(update) ?? likelihoods;
            finish = update.FinishReason ?? finish;
        }

        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = text.Length == 0 && calls.Count > 0 ? null : text.ToString(),
            ["refusal"] = null,
        };
        if (calls.Count > 0)
        {
            message["tool_calls"] = ChatJson.Calls(calls, isPiece: false);
        }

        return (ChatJson.Choice(index, message, ChatJson.Finish(finish), likelihoods, isPiece: false), usage);
    }

    private static async Task StreamAsync(HttpContext context, ChatRequest request, List<ChatSession> sessions, Func<string, JsonObject> envelope)
    {
        var stop = context.RequestAborted;
        using var events = new ServerSentEvents(context.Response);
        try
        {
            var usages = await Task.WhenAll(sessions.Select((session, i) => StreamAsync(events, request, session, i, envelope, stop)));
            if (request.IncludeUsage)
            {
                var last = envelope("chat.completion.chunk");
                last["choices"] = new JsonArray();
                last["usage"] = ChatJson.Usage(ChatUsage.Sum(usages));
                await events.SendAsync(last, stop);
            }
        }
        catch (LlmosException error) when (context.Response.HasStarted)
        {
            // The status is gone with the first piece; what is left is to say it in the stream.
            await events.SendAsync(ChatJson.Error(OpenAiException.Of(error)), stop);
            return;
        }

        await events.EndAsync(stop);
    }

    private static async Task<UsageDetails> StreamAsync(
        ServerSentEvents events, ChatRequest request, ChatSession session, int index, Func<string, JsonObject> envelope, CancellationToken cancellationToken)
    {
        var usage = new UsageDetails();
        var began = false;
        ChatFinishReason? finish = null;
        await foreach (var update in session.AnswerAsync(request, index, cancellationToken))
        {
            if (!began)
            {
                began = true;
                await SendAsync(new JsonObject { ["role"] = "assistant", ["content"] = "" });
            }

            var delta = new JsonObject();
            if (update.Text.Length > 0)
            {
                delta["content"] = update.Text;
            }

            if (update.Contents.OfType<FunctionCallContent>().ToList() is { Count: > 0 } calls)
            {
                delta["tool_calls"] = ChatJson.Calls(calls, isPiece: true);
            }

            var likelihoods = ChatJson.Likelihoods(update);
            if (delta.Count > 0 || likelihoods is not null)
            {
                await SendAsync(delta, likelihoods);
            }

            usage = update.Contents.OfType<UsageContent>().FirstOrDefault()?.Details ?? usage;
            finish = update.FinishReason ?? finish;
        }

        await SendAsync([], finish: ChatJson.Finish(finish));
        return usage;

        Task SendAsync(JsonObject delta, JsonNode? likelihoods = null, string? finish = null)
        {
            var piece = envelope("chat.completion.chunk");
            piece["choices"] = new JsonArray(ChatJson.Choice(index, delta, finish, likelihoods, isPiece: true));
            if (request.IncludeUsage)
            {
                piece["usage"] = null;
            }

            return events.SendAsync(piece, cancellationToken);
        }
    }
}
