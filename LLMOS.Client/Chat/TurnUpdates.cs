using System.Runtime.CompilerServices;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.Chat;

/// <summary>What a process shows while it answers, as the updates of a chat.</summary>
internal static class TurnUpdates
{
    /// <param name="parts">What it shows, and with the last of it the response.</param>
    /// <param name="conversation">The conversation's id.</param>
    /// <param name="model">The model's name; null where that is not known.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async IAsyncEnumerable<ChatResponseUpdate> OfAsync(
        IAsyncEnumerable<(ProcessOutput Output, VmpMessage? Response)> parts, string conversation, string? model, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var turn = new TurnText();
        await foreach (var (output, response) in parts.WithCancellation(cancellationToken))
        {
            switch (output.Kind)
            {
                case ProcessOutputKind.Text:
                    var shown = turn.Add(output.Text);
                    if (shown.Length > 0)
                    {
                        yield return Complete(new ChatResponseUpdate(ChatRole.Assistant, shown), output);
                    }

                    break;

                case ProcessOutputKind.TurnRestarted:
                    turn.Restart();
                    break;

                case ProcessOutputKind.TurnCommitted when response is not null:
                    yield return Complete(TurnAnswer.Of(response), output);
                    break;

                default:
                    break;
            }
        }

        ChatResponseUpdate Complete(ChatResponseUpdate update, ProcessOutput output)
        {
            update.ConversationId = conversation;
            update.ResponseId = output.MessageId.ToString("N");
            update.MessageId = update.ResponseId;
            update.ModelId = model;
            update.CreatedAt = DateTimeOffset.UtcNow;
            update.RawRepresentation = output;
            return update;
        }
    }
}
