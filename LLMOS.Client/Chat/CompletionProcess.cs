using System.Globalization;
using System.Runtime.CompilerServices;
using LLMOS.Kernel.Processes;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.Chat;

/// <summary>
/// A process for one answer. It gets the whole conversation, answers, and ends; nothing of it is stored, so that it begins to answer as soon as the engine can, and
/// is lost with its silo. Until then it is a process as any other: it is scheduled, spends from its account, is seen by <c>ps</c> and can be killed.
/// </summary>
public sealed class CompletionProcess : IAsyncDisposable
{
    private readonly LlmosClient _client;
    private readonly ProcessControlBlock _process;
    private bool _isAsked;

    private CompletionProcess(LlmosClient client, ProcessControlBlock process)
    {
        _client = client;
        _process = process;
    }

    public long Pid => _process.Pid;

    /// <summary>Spawns it.</summary>
    /// <param name="client">The system.</param>
    /// <param name="spec">Its name, role, model, priority, budget and account; the program is <see cref="ProcessPrograms.Completion"/> whatever it says.</param>
    /// <exception cref="LlmosException">The spec is wrong, asks for what only a process that is stored can have, or goes beyond a quota.</exception>
    public static async Task<CompletionProcess> SpawnAsync(LlmosClient client, ProcessSpec spec)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(spec);
        return new CompletionProcess(client, await client.SpawnForRequestAsync(spec with { Program = ProcessPrograms.Completion }));
    }

    /// <summary>The answer, piece by piece; the last piece says how it ended. Once.</summary>
    /// <param name="messages">The conversation, without the role. The last message is not the assistant's.</param>
    /// <param name="options">As for <see cref="ProcessChatClient"/>.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="LlmosException">The conversation is wrong or longer than the model's window, the process was ended, or it has answered before.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> AnswerAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var fresh = NewMessages.Of(messages);
        var headers = TurnRequest.Headers(options, fresh.Results);
        var history = ChatHistory.Of(messages, Pid);
        _isAsked = true;
        var answer = _client.AnswerRequestAsync(Pid, fresh.Text, headers, history, cancellationToken);
        await foreach (var update in TurnUpdates.OfAsync(answer, Pid.ToString(CultureInfo.InvariantCulture), model: null, cancellationToken))
        {
            yield return update;
        }
    }

    /// <summary>Ends it, if it was never asked; one that was ends with its answer, or when that is not read on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isAsked)
        {
            return;
        }

        _isAsked = true;
        try
        {
            await _client.KillAsync(Pid, "it was asked nothing");
        }
        catch (Exception gone) when (gone is LlmosException or OrleansException or TimeoutException)
        {
            // It has ended, or the system is going down.
        }
    }
}
