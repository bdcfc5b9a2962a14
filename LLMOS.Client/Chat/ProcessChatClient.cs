using System.Globalization;
using System.Runtime.CompilerServices;
using LLMOS.Kernel.Processes;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.Chat;

/// <summary>
/// A process as an <see cref="IChatClient"/>. The process keeps the conversation, so only the messages after the last
/// one of the assistant are sent, as one VMP request; the conversation's id is the PID. The process's own role,
/// model and sampling hold: those of <see cref="ChatOptions"/> do not change it, and it takes no tools this way.
/// </summary>
/// <remarks>
/// Cancelling stops the waiting; the process finishes the turn it is in. Kill or suspend the process to stop that.
/// </remarks>
public sealed class ProcessChatClient : IChatClient
{
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
    /// <exception cref="LlmosException">There is nothing to send, it is no text, or the process ended before it answered.</exception>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc />
    /// <exception cref="LlmosException">There is nothing to send, it is no text, or the process ended before it answered.</exception>
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

        var before = await _client.GetProcessAsync(Pid);
        var text = NewMessages.TextOf(messages);
        var turn = new TurnText();
        await foreach (var output in _client.AskStreamingAsync(Pid, text, cancellationToken))
        {
            switch (output.Kind)
            {
                case ProcessOutputKind.Text:
                    var shown = turn.Add(output.Text);
                    if (shown.Length > 0)
                    {
                        yield return Update(output, new TextContent(shown));
                    }

                    break;

                case ProcessOutputKind.TurnRestarted:
                    turn.Restart();
                    break;

                case ProcessOutputKind.TurnCommitted:
                    var usage = new UsageContent(UsageOf(output, before, await _client.GetProcessAsync(Pid)));
                    var last = Update(output, usage);
                    last.FinishReason = ChatFinishReason.Stop;
                    yield return last;
                    break;

                default:
                    break;
            }
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

    /// <summary>
    /// Prompt tokens that a cache held are not counted. How many were computed is known when no other turn came between
    /// the two looks at the process.
    /// </summary>
    private static UsageDetails UsageOf(ProcessOutput committed, ProcessControlBlock before, ProcessControlBlock after)
    {
        var input = after.Turns == before.Turns + 1 ? after.PromptTokens - before.PromptTokens : default(long?);
        return new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = committed.Tokens,
            TotalTokenCount = input + committed.Tokens,
        };
    }

    private ChatResponseUpdate Update(ProcessOutput output, AIContent content) => new(ChatRole.Assistant, [content])
    {
        ConversationId = ConversationId,
        ResponseId = output.MessageId.ToString("N"),
        MessageId = output.MessageId.ToString("N"),
        ModelId = _metadata.DefaultModelId,
        CreatedAt = DateTimeOffset.UtcNow,
        RawRepresentation = output,
    };
}
