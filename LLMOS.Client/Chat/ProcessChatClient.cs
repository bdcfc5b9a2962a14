using System.Globalization;
using System.Runtime.CompilerServices;
using LLMOS.Kernel.Processes;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.Chat;

/// <summary>
/// A process as an <see cref="IChatClient"/>. The process keeps the conversation, so only the messages after the last
/// one of the assistant are sent, as one VMP request; the conversation's id is the PID. The process's role and model hold,
/// and what <see cref="ChatOptions"/> say of sampling, of the format of the answer and of functions holds for that answer.
/// </summary>
/// <remarks>
/// <para>
/// Functions are run by the caller, such as a <c>FunctionInvokingChatClient</c> around this one; a process is told of them and answers with calls.
/// The additional property <c>logprobs</c> of the last update, and so of the response's message, has the likelihoods (<see cref="Cognition.Inference.TokenLikelihood"/>) where the
/// additional option <c>top_logprobs</c> asks for them.
/// </para>
/// <para>Cancelling stops the waiting; the process finishes the turn it is in. Kill or suspend the process to stop that.</para>
/// </remarks>
public sealed class ProcessChatClient : IChatClient
{
    /// <summary>The name of the nanoseconds up to the first token, among the additional counts of a response's usage.</summary>
    public const string TimeToFirstToken = "time_to_first_token_ns";

    /// <summary>The name of the nanoseconds in the engine, among the additional counts of a response's usage.</summary>
    public const string EngineTime = "engine_time_ns";

    private const string ProviderName = "llmos";

    private readonly LlmosClient _client;
    private readonly ChatClientMetadata _metadata;

    /// <param name="client">The system the process lives in.</param>
    /// <param name="pid">A process that runs the <see cref="ProcessPrograms.Agent"/> program.</param>
    /// <param name="model">The model it thinks with, for the metadata; null where that is not known.</param>
    public ProcessChatClient(LlmosClient client, long pid, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pid);
        _client = client;
        Pid = pid;
        _metadata = new ChatClientMetadata(ProviderName, defaultModelId: model);
    }

    /// <summary>The process that answers.</summary>
    public long Pid { get; }

    private string ConversationId => Pid.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc />
    /// <exception cref="LlmosException">There is nothing to send, it is no text, an option is wrong, or the process ended before it answered.</exception>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc />
    /// <exception cref="LlmosException">There is nothing to send, it is no text, an option is wrong, or the process ended before it answered.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (options?.ConversationId is { } conversation && conversation != ConversationId)
        {
            throw LlmosException.InvalidArgument(
                $"Conversation '{conversation}' is not this process's: leave the id out, or use '{ConversationId}'.");
        }

        var fresh = NewMessages.Of(messages);
        var request = await _client.SendRequestAsync(Pid, fresh.Text, TurnRequest.Headers(options, fresh.Results));
        await foreach (var update in TurnUpdates.OfAsync(_client.WatchAnswerAsync(request, cancellationToken), ConversationId, _metadata.DefaultModelId, cancellationToken))
        {
            yield return update;
        }
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_client) ? _client
            : null;
    }

    /// <summary>Does nothing: the process lives on.</summary>
    public void Dispose()
    {
    }
}
