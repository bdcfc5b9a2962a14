using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Cognition.Inference;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary><c>POST /v1/completions</c>: the model goes on with a text as it stands, without its chat template.</summary>
internal sealed class TextCompletions(ChatSessions chats, ModelNames models, TimeProvider time)
{
    private const string Kind = "text_completion";

    public async Task AnswerAsync(HttpContext context, JsonElement body)
    {
        var request = TextRequest.Read(body);
        var model = models.Find(request.Model);
        var sessions = new List<(ChatSession Session, ChatRequest Chat, int Choice)>();
        try
        {
            foreach (var prompt in request.Prompts)
            {
                var chat = request.For(prompt);
                sessions.AddRange((await chats.OpenAsync(context, chat, model)).Select((session, i) => (session, chat, i)));
            }

            var id = $"cmpl-{Guid.NewGuid():N}";
            var envelope = new Func<JsonObject>(() => ChatJson.Envelope(id, Kind, time.GetUtcNow(), request.Model));
            await (request.Stream ? StreamAsync(context, request, sessions, envelope) : WriteAsync(context, request, sessions, envelope));
        }
        finally
        {
            await ChatSessions.CloseAsync(sessions.Select(session => session.Session));
        }
    }

    private static async Task WriteAsync(
        HttpContext context, TextRequest request, List<(ChatSession Session, ChatRequest Chat, int Choice)> sessions, Func<JsonObject> envelope)
    {
        var answers = await Task.WhenAll(sessions.Select(async (session, index) =>
        {
            var text = new StringBuilder(request.Echo ? session.Chat.Messages[^1].Text : "");
            var usage = new UsageDetails();
            ChatFinishReason? finish = null;
            JsonObject? likelihoods = null;
            await foreach (var update in session.Session.AnswerAsync(session.Chat, session.Choice, context.RequestAborted))
            {
                likelihoods = Likelihoods(update, text.Length) ?? likelihoods;
                text.Append(update.Text);
                usage = update.Contents.OfType<UsageContent>().FirstOrDefault()?.Details ?? usage;
                finish = update.FinishReason ?? finish;
            }

            return (Choice: Choice(index, text.ToString(), ChatJson.Finish(finish), likelihoods), Usage: usage);
        }));
        var completion = envelope();
        completion["choices"] = new JsonArray([.. answers.Select(answer => answer.Choice)]);
        completion["usage"] = ChatJson.Usage(Sum(answers.Select(answer => answer.Usage), request.Choices));
        await HttpGuard.WriteAsync(context, completion);
    }

    private static async Task StreamAsync(
        HttpContext context, TextRequest request, List<(ChatSession Session, ChatRequest Chat, int Choice)> sessions, Func<JsonObject> envelope)
    {
        var stop = context.RequestAborted;
        using var events = new ServerSentEvents(context.Response);
        try
        {
            var usages = await Task.WhenAll(sessions.Select(async (session, index) =>
            {
                var usage = new UsageDetails();
                ChatFinishReason? finish = null;
                if (request.Echo)
                {
                    await SendAsync(Choice(index, session.Chat.Messages[^1].Text, null, null));
                }

                await foreach (var update in session.Session.AnswerAsync(session.Chat, session.Choice, stop))
                {
                    var likelihoods = Likelihoods(update, 0);
                    if (update.Text.Length > 0 || likelihoods is not null)
                    {
                        await SendAsync(Choice(index, update.Text, null, likelihoods));
                    }

                    usage = update.Contents.OfType<UsageContent>().FirstOrDefault()?.Details ?? usage;
                    finish = update.FinishReason ?? finish;
                }

                await SendAsync(Choice(index, "", ChatJson.Finish(finish), null));
                return usage;
            }));
            if (request.IncludeUsage)
            {
                var last = envelope();
                last["choices"] = new JsonArray();
                last["usage"] = ChatJson.Usage(Sum(usages, request.Choices));
                await events.SendAsync(last, stop);
            }
        }
        catch (LlmosException error) when (context.Response.HasStarted)
        {
            await events.SendAsync(ChatJson.Error(OpenAiException.Of(error)), stop);
            return;
        }

        await events.EndAsync(stop);

        Task SendAsync(JsonObject choice)
        {
            var piece = envelope();
            piece["choices"] = new JsonArray(choice);
            if (request.IncludeUsage)
            {
                piece["usage"] = null;
            }

            return events.SendAsync(piece, stop);
        }
    }

    private static JsonObject Choice(int index, string text, string? finish, JsonObject? likelihoods) => new()
    {
        ["text"] = text,
        ["index"] = index,
        ["logprobs"] = likelihoods,
        ["finish_reason"] = finish,
    };

    /// <summary>Likelihoods as this endpoint has them: lists side by side.</summary>
    private static JsonObject? Likelihoods(ChatResponseUpdate update, int offset)
    {
        if (update.AdditionalProperties?.TryGetValue(ChatJson.LogProbabilities, out var value) != true || value is not ImmutableArray<TokenLikelihood> tokens)
        {
            return null;
        }

        var (texts, chosen, top, offsets) = (new JsonArray(), new JsonArray(), new JsonArray(), new JsonArray());
        foreach (var token in tokens)
        {
            texts.Add((JsonNode)token.Text);
            chosen.Add((JsonNode)token.LogProbability);
            var alternatives = new JsonObject();
            foreach (var other in token.Top)
            {
                // Two tokens may read the same, and the first is the likelier one.
                alternatives.TryAdd(other.Text, other.LogProbability);
            }

            top.Add((JsonNode)alternatives);
            offsets.Add((JsonNode)offset);
            offset += token.Text.Length;
        }

        return new JsonObject { ["tokens"] = texts, ["token_logprobs"] = chosen, ["top_logprobs"] = top, ["text_offset"] = offsets };
    }

    private static UsageDetails Sum(IEnumerable<UsageDetails> usages, int choices)
    {
        // The answers to one prompt stand together.
        var sum = new UsageDetails();
        foreach (var prompt in usages.Chunk(choices))
        {
            sum.Add(ChatUsage.Sum(prompt));
        }

        return sum;
    }
}
