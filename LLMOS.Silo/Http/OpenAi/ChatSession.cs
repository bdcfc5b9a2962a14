using System.Runtime.CompilerServices;
using LLMOS.Client;
using LLMOS.Client.Chat;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Conversations;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>One answer to a chat: by a process for it alone, by one that may be kept for further turns, or by one that was there before.</summary>
internal sealed class ChatSession : IAsyncDisposable
{
    // The whole of a long conversation has to be paid for in one slice.
    private const long Budget = 10_000_000;

    private readonly LlmosClient _client;
    private readonly CompletionProcess? _completion;
    private bool _endsWithAnswer;

    private ChatSession(LlmosClient client, long pid, bool endsWithAnswer)
    {
        _client = client;
        Pid = pid;
        _endsWithAnswer = endsWithAnswer;
    }

    private ChatSession(LlmosClient client, CompletionProcess completion)
        : this(client, completion.Pid, endsWithAnswer: false) => _completion = completion;

    public long Pid { get; }

    /// <summary>The turn of a process that is there; it goes on living.</summary>
    public static ChatSession Of(LlmosClient client, ProcessControlBlock process) => new(client, process.Pid, endsWithAnswer: false);

    /// <summary>The turn of a process that was kept; it ends with the answer, unless it is kept again.</summary>
    public static ChatSession OwnerOf(LlmosClient client, ProcessControlBlock process) => new(client, process.Pid, endsWithAnswer: true);

    /// <summary>A process for a request.</summary>
    /// <param name="client">The system.</param>
    /// <param name="request">What it is to answer.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="terms">What it may take.</param>
    /// <param name="isLasting">Whether it may be kept for further turns, for thirty days; of one that may not, nothing is stored.</param>
    public static async Task<ChatSession> StartAsync(LlmosClient client, ChatRequest request, string model, ChatTerms terms, bool isLasting)
    {
        var spec = new ProcessSpec
        {
            Name = isLasting ? "response" : "chat",
            Role = request.System,
            Kind = ProcessKind.User,
            Model = model == Thinker.DefaultModel ? "" : model,
            Priority = terms.Priority,
            Budget = Budget,
            Account = terms.Account,
            MaxTokens = terms.MaxTokens,
        };
        if (!isLasting)
        {
            return new ChatSession(client, await CompletionProcess.SpawnAsync(client, spec with { MaxTokensPerTurn = request.Options.MaxOutputTokens ?? int.MaxValue }));
        }

        var process = await client.SpawnAsync(spec with { MaxLifetime = IStoredResponseGrain.Longest, MaxTokensPerTurn = int.MaxValue });
        var session = new ChatSession(client, process.Pid, endsWithAnswer: true);
        try
        {
            if (ChatHistory.Of(request.Messages, process.Pid) is { IsEmpty: false } history)
            {
                await AsServer.CallAsync(() => client.Grains.GetGrain<IContextRegionGrain>(process.Context.Region).AppendAllAsync(history, ContextRegionGrain.OwnerOf(process.Pid)));
            }
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
        using var chat = _completion is null ? new ProcessChatClient(_client, Pid) : null;
        var updates = _completion?.AnswerAsync(request.Messages, options, cancellationToken) ?? chat!.GetStreamingResponseAsync(request.Messages, options, cancellationToken);
        await foreach (var update in updates)
        {
            yield return update;
        }
    }

    /// <summary>Lets the process live on.</summary>
    public void Keep() => _endsWithAnswer = false;

    /// <summary>Ends the process, in the middle of its answer too, unless it lives on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_completion is not null)
        {
            await _completion.DisposeAsync();
        }
        else if (_endsWithAnswer)
        {
            try
            {
                await _client.KillAsync(Pid, "its chat is over");
            }
            catch (Exception gone) when (gone is LlmosException or OrleansException or TimeoutException)
            {
                // It has ended by itself, or the system is going down.
            }
        }
    }
}
