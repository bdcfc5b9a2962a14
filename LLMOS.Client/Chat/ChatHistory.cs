using System.Collections.Immutable;
using System.Text.Json;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Processes;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.Chat;

/// <summary>What was said in a chat before it is a process's turn again, as entries of a context.</summary>
public static class ChatHistory
{
    /// <summary>The messages up to the assistant's last one, oldest first.</summary>
    /// <param name="messages">The chat. The results of functions are texts.</param>
    /// <param name="pid">The process that is the assistant.</param>
    public static ImmutableArray<ContextEntry> Of(IReadOnlyList<ChatMessage> messages, long pid)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var last = messages.Count - 1;
        while (last >= 0 && messages[last].Role != ChatRole.Assistant)
        {
            last--;
        }

        var entries = ImmutableArray.CreateBuilder<ContextEntry>(last + 1);
        for (var i = 0; i <= last; i++)
        {
            var message = messages[i];
            if (message.Role == ChatRole.Assistant)
            {
                entries.Add(Entry(pid, "assistant", message.Text, CallsOf(message)));
            }
            else if (message.Role == ChatRole.Tool)
            {
                var results = new List<ToolResult>();
                for (; messages[i].Role == ChatRole.Tool; i++)
                {
                    results.AddRange(messages[i].Contents.OfType<FunctionResultContent>().Select(result => new ToolResult(result.CallId, NewMessages.TextOf(result))));
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

        return entries.DrainToImmutable();
    }

    private static string CallsOf(ChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>()
            .Select(call => new ToolCall(call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments, AIJsonUtilities.DefaultOptions))).ToImmutableArray();
        return calls.IsEmpty ? "" : TurnHeaders.Write(calls);
    }

    private static ContextEntry Entry(long pid, string author, string text, string data) =>
        new(Guid.NewGuid(), pid, author, text, TokenEstimate.Of(text), DateTimeOffset.UtcNow) { Data = data };
}
