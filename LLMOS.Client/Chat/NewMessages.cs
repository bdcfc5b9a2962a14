using Microsoft.Extensions.AI;

namespace LLMOS.Client.Chat;

/// <summary>What of a chat's messages a process has not got yet: it keeps the conversation itself.</summary>
internal static class NewMessages
{
    /// <summary>The text after the last message of the assistant; the texts of several messages are paragraphs.</summary>
    /// <exception cref="LlmosException">There is none, or it is not text alone.</exception>
    public static string TextOf(IEnumerable<ChatMessage> messages)
    {
        var fresh = new List<ChatMessage>();
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.Assistant)
            {
                fresh.Clear();
            }
            else
            {
                fresh.Add(message);
            }
        }

        foreach (var content in fresh.SelectMany(message => message.Contents))
        {
            if (content is not (TextContent or UsageContent))
            {
                throw LlmosException.InvalidArgument($"A process reads text; {content.GetType().Name} cannot be sent to it: put it into words.");
            }
        }

        var text = string.Join("\n\n", fresh.Select(message => message.Text).Where(part => !string.IsNullOrWhiteSpace(part)));
        return text.Length > 0
            ? text
            : throw LlmosException.InvalidArgument("There is nothing to send: add a message with text after the assistant's last one.");
    }
}
