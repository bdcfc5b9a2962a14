using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Client;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatCompletions(LlmosClient client, ModelNames models, TimeProvider time)
{
    /// <summary>The header that says how urgent a request is: 0 to 19, or the name of a class.</summary>
    public const string PriorityHeader = "X-LLMOS-Priority";

    public async Task AnswerAsync(HttpContext context, JsonElement body)
    {
        var request = ChatRequestReader.Read(body);
        var model = models.Find(request.Model);
        var key = context.Features.Get<ApiKey>();
        var priority = PriorityOf(context, key);
        await CheckLengthAsync(request, model);

        var sessions = new List<ChatSession>();
        try
        {
            for (var i = 0; i < request.Choices; i++)
            {
                sessions.Add(await ChatSession.StartAsync(client, request, model, priority, key?.Account ?? ""));
            }

            var envelope = new Func<string, JsonObject>(kind => ChatJson.Envelope(context.TraceIdentifier, kind, time.GetUtcNow(), request.Model));
            await (request.Stream
                ? StreamAsync(context, request, sessions, envelope)
                : WriteAsync(context, request, sessions, envelope));
        }
        finally
        {
            // Also when the client went away: nobody reads on.
            await Task.WhenAll(sessions.Select(session => session.DisposeAsync().AsTask()));
        }
    }

    /// <summary>What a request says, or its key; no more urgent than the key.</summary>
    private static ProcessPriority PriorityOf(HttpContext context, ApiKey? key)
    {
        var most = key?.Priority ?? ProcessPriority.Default;
        if (context.Request.Headers[PriorityHeader] is not [{ } said])
        {
            return most;
        }

        var wanted = ProcessPriority.Parse(said);
        return key is null || wanted >= most
            ? wanted
            : throw new OpenAiException(StatusCodes.Status403Forbidden, $"The key {key.Id} may ask at priority {most.Value} and below, and this is {wanted.Value}.", PriorityHeader, "permission_denied");
    }

    /// <summary>A prompt that no window takes would be cut by the process; here it is an error, as the API has it.</summary>
    private async Task CheckLengthAsync(ChatRequest request, string model)
    {
        var replica = client.Grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(model, 0));
        var admission = await AsServer.CallAsync(replica.AdmitAsync);
        if (admission is not { Accepted: true, Card: { } card })
        {
            throw LlmosException.Unavailable(admission.Reason);
        }

        var counts = await AsServer.CallAsync(() => replica.CountTokensAsync([request.System, .. request.Messages.Select(message => message.Text)]));
        if (card.ContextLength > 0 && counts.Sum() is var length && length + 1 > card.ContextLength)
        {
            throw new OpenAiException(
                StatusCodes.Status400BadRequest,
                $"The window of '{request.Model}' has {card.ContextLength} tokens, and the messages are {length} without what the answer takes: shorten the messages.",
                "messages",
                "context_length_exceeded");
        }
    }

    private static async Task WriteAsync(HttpContext context, ChatRequest request, List<ChatSession> sessions, Func<string, JsonObject> envelope)
    {
        var answers = await Task.WhenAll(sessions.Select((session, i) => CollectAsync(request, session, i, context.RequestAborted)));
        var usage = Sum(answers.Select(answer => answer.Usage));
        var completion = envelope("chat.completion");
        completion["choices"] = new JsonArray([.. answers.Select(answer => answer.Choice)]);
        completion["usage"] = ChatJson.Usage(usage);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(completion.ToJsonString(), context.RequestAborted);
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
                last["usage"] = ChatJson.Usage(Sum(usages));
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

    private static UsageDetails Sum(IEnumerable<UsageDetails> usages)
    {
        // Each answer has the same prompt, which is counted once.
        var sum = new UsageDetails();
        foreach (var usage in usages)
        {
            sum.InputTokenCount = Math.Max(sum.InputTokenCount ?? 0, usage.InputTokenCount ?? 0);
            sum.CachedInputTokenCount = Math.Max(sum.CachedInputTokenCount ?? 0, usage.CachedInputTokenCount ?? 0);
            sum.OutputTokenCount = (sum.OutputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0);
        }

        return sum;
    }
}
