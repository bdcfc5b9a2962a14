using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LLMOS.Client;
using LLMOS.Client.Chat;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Conversations;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>One answer to a chat, by a process of its own: it is spawned with what was said before as its context, asked the last message, and ended.</summary>
internal sealed class ChatSession : IAsyncDisposable
{
    // The whole of a long conversation has to be paid for in one slice.
    private const long Budget = 10_000_000;

    private readonly LlmosClient _client;
    private readonly ProcessControlBlock _process;
    private bool _endsWithAnswer;

    private ChatSession(LlmosClient client, ProcessControlBlock process, bool endsWithAnswer)
    {
        _client = client;
        _process = process;
        _endsWithAnswer = endsWithAnswer;
    }

    public long Pid => _process.Pid;

    /// <summary>The turn of a process that is there; it goes on living.</summary>
    public static ChatSession Of(LlmosClient client, ProcessControlBlock process) => new(client, process, endsWithAnswer: false);

    /// <summary>The turn of a process that was kept; it ends with the answer, unless it is kept again.</summary>
    public static ChatSession OwnerOf(LlmosClient client, ProcessControlBlock process) => new(client, process, endsWithAnswer: true);

    /// <summary>A process for a request.</summary>
    /// <param name="client">The system.</param>
    /// <param name="request">What it is to answer.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="terms">What it may take.</param>
    /// <param name="isLasting">Whether it may be kept for further turns, for thirty days.</param>
    public static async Task<ChatSession> StartAsync(LlmosClient client, ChatRequest request, string model, ChatTerms terms, bool isLasting)
    {
        var process = await client.SpawnAsync(new ProcessSpec
        {
            Name = isLasting ? "response" : "chat",
            Role = request.System,
            Kind = ProcessKind.User,
            Model = model == Thinker.DefaultModel ? "" : model,
            Priority = terms.Priority,
            Budget = Budget,
            Account = terms.Account,
            MaxTokens = terms.MaxTokens,
            MaxLifetime = isLasting ? IStoredResponseGrain.Longest : TimeSpan.Zero,
            MaxTokensPerTurn = isLasting ? int.MaxValue : request.Options.MaxOutputTokens ?? int.MaxValue,
        });
        var session = new ChatSession(client, process, endsWithAnswer: true);
        try
        {
            await AsServer.CallAsync(() => session.RememberAsync(request.Messages));
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }

        return session;
    }

    /// <summary>The answer, piece by piece; the last piece has how it ended.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> AnswerAsync(ChatRequest request, int choice, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = request.Options.Clone();
        options.Seed = request.Options.Seed + choice;
        using var chat = new ProcessChatClient(_client, _process.Pid);
        await foreach (var update in chat.GetStreamingResponseAsync(request.Messages, options, cancellationToken))
        {
            yield return update;
        }
    }

    /// <summary>Lets the process live on.</summary>
    public void Keep() => _endsWithAnswer = false;

    /// <summary>Ends the process, in the middle of its answer too, unless it lives on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_endsWithAnswer)
        {
            return;
        }

        try
        {
            await _client.KillAsync(_process.Pid, "its chat is over");
        }
        catch (Exception gone) when (gone is LlmosException or OrleansException or TimeoutException)
        {
            // It has ended by itself, or the system is going down.
        }
    }

    /// <summary>Puts what was said up to the assistant's last message into the process's context.</summary>
    private async Task RememberAsync(ImmutableArray<ChatMessage> messages)
    {
        var last = messages.Length - 1;
        while (last >= 0 && messages[last].Role != ChatRole.Assistant)
        {
            last--;
        }

        if (last < 0)
        {
            return;
        }

        var entries = ImmutableArray.CreateBuilder<ContextEntry>(last + 1);
        for (var i = 0; i <= last; i++)
        {
            var message = messages[i];
            if (message.Role == ChatRole.Assistant)
            {
                entries.Add(Entry(_process.Pid, "assistant", message.Text, CallsOf(message)));
            }
            else if (message.Role == ChatRole.Tool)
            {
                var results = new List<ToolResult>();
                for (; messages[i].Role == ChatRole.Tool; i++)
                {
                    results.AddRange(messages[i].Contents.OfType<FunctionResultContent>().Select(result => new ToolResult(result.CallId, (string)result.Result!)));
                }

                i--;
                entries.Add(Entry(
                    WellKnownPids.Console, "tool", string.Join("\n\n", results.Select(result => result.Text)), TurnHeaders.Write(new ToolResults([.. results], ""))));
            }
            else
            {
                entries.Add(Entry(WellKnownPids.Console, "user", message.Text, ""));
            }
        }

        await _client.Grains.GetGrain<IContextRegionGrain>(_process.Context.Region)
            .AppendAllAsync(entries.DrainToImmutable(), ContextRegionGrain.OwnerOf(_process.Pid));
    }

    private static string CallsOf(ChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>()
            .Select(call => new ToolCall(call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments))).ToImmutableArray();
        return calls.IsEmpty ? "" : TurnHeaders.Write(calls);
    }

    private static ContextEntry Entry(long pid, string author, string text, string data) =>
        new(Guid.NewGuid(), pid, author, text, TokenEstimate.Of(text), DateTimeOffset.UtcNow) { Data = data };
}
