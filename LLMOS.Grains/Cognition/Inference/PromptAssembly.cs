using System.Collections.Immutable;
using System.Text;
using LLMOS.Kernel.Memory;

namespace LLMOS.Cognition.Inference;

/// <summary>Puts a prompt together from a role, what went before, and a message. Pure.</summary>
public static class PromptAssembly
{
    /// <summary>A conversation: what the process said itself is the assistant's, all else the user's, and what functions gave back is the tools'.</summary>
    /// <param name="role">The system prompt; empty for none.</param>
    /// <param name="self">The process that is to answer, and those whose context it goes on from.</param>
    /// <param name="history">What was said before, oldest first.</param>
    /// <param name="message">What it is to answer.</param>
    /// <param name="results">The results of calls that the message brings, as <see cref="TurnHeaders.Results"/> has them; empty for none.</param>
    /// <exception cref="LlmosException">A result answers no call that was made, or what is kept of calls is damaged.</exception>
    public static ImmutableArray<PromptMessage> Conversation(
        string role, IReadOnlyCollection<long> self, IReadOnlyList<ContextEntry> history, string message, string results = "")
    {
        ArgumentNullException.ThrowIfNull(self);
        ArgumentNullException.ThrowIfNull(history);
        var messages = ImmutableArray.CreateBuilder<PromptMessage>();
        AddSystem(messages, role);
        foreach (var entry in history)
        {
            if (self.Contains(entry.Pid))
            {
                AddSaid(messages, entry);
            }
            else if (entry.Data.Length > 0)
            {
                // The call may have been left out to fit the window, and then its result goes with it.
                AddResults(messages, TurnHeaders.ReadResults(entry.Data), mustAnswer: false);
            }
            else
            {
                AddAlternating(messages, PromptRole.User, entry.Text);
            }
        }

        if (results.Length > 0)
        {
            AddResults(messages, TurnHeaders.ReadResults(results), mustAnswer: true);
        }
        else
        {
            AddAlternating(messages, PromptRole.User, message);
        }

        return messages.ToImmutable();
    }

    /// <summary>
    /// Work on something shared: what was written is quoted with the writers' names, and last the message, in the same way.
    /// So the prompt of a process's next turn begins with that of this one, whose KV the engine still has.
    /// </summary>
    /// <param name="role">The system prompt; empty for none.</param>
    /// <param name="shared">What the shared region has, oldest first.</param>
    /// <param name="sender">The name of who sent the message.</param>
    /// <param name="message">What is to be done.</param>
    public static ImmutableArray<PromptMessage> SharedWork(string role, IReadOnlyList<ContextEntry> shared, string sender, string message)
    {
        ArgumentNullException.ThrowIfNull(shared);
        var text = new StringBuilder();
        foreach (var entry in shared)
        {
            Quote(text, entry.Author, entry.Text);
        }

        Quote(text, sender, message);
        var messages = ImmutableArray.CreateBuilder<PromptMessage>();
        AddSystem(messages, role);
        messages.Add(new PromptMessage(PromptRole.User, text.ToString()));
        return messages.ToImmutable();
    }

    private static void Quote(StringBuilder text, string author, string said) =>
        text.Append('[').Append(author).Append("]\n").Append(said).Append("\n\n");

    private static void AddSystem(ImmutableArray<PromptMessage>.Builder messages, string role)
    {
        if (role.Length > 0)
        {
            messages.Add(new PromptMessage(PromptRole.System, role));
        }
    }

    private static void AddSaid(ImmutableArray<PromptMessage>.Builder messages, ContextEntry entry)
    {
        if (entry.Data.Length == 0)
        {
            AddAlternating(messages, PromptRole.Assistant, entry.Text);
        }
        else if (messages.Count > 0 && messages[^1].Role is PromptRole.User or PromptRole.Tool)
        {
            messages.Add(new PromptMessage(PromptRole.Assistant, entry.Text) { ToolCalls = TurnHeaders.ReadCalls(entry.Data) });
        }
    }

    private static void AddResults(ImmutableArray<PromptMessage>.Builder messages, ToolResults results, bool mustAnswer)
    {
        var open = OpenCalls(messages);
        foreach (var result in results.Results)
        {
            if (open.Remove(result.CallId))
            {
                messages.Add(new PromptMessage(PromptRole.Tool, result.Text) { ToolCallId = result.CallId });
            }
            else if (mustAnswer)
            {
                throw LlmosException.InvalidArgument(open.Count == 0
                    ? $"The result of the call '{result.CallId}' answers nothing: the process waits for no result."
                    : $"The result of the call '{result.CallId}' answers nothing: the process waits for {string.Join(", ", open.Order(StringComparer.Ordinal))}.");
            }
        }

        if (results.Text.Length > 0)
        {
            AddAlternating(messages, PromptRole.User, results.Text);
        }
    }

    // The calls of the last thing that was said which have no result yet.
    private static HashSet<string> OpenCalls(ImmutableArray<PromptMessage>.Builder messages)
    {
        var open = new HashSet<string>(StringComparer.Ordinal);
        var i = messages.Count - 1;
        while (i >= 0 && messages[i].Role == PromptRole.Tool)
        {
            i--;
        }

        if (i < 0 || messages[i].Role != PromptRole.Assistant)
        {
            return open;
        }

        open.UnionWith(messages[i].ToolCalls.Select(call => call.Id));
        open.ExceptWith(messages.Skip(i + 1).Select(message => message.ToolCallId));
        return open;
    }

    // Chat templates want the turns to alternate and the user to begin: an answer whose question was left out goes too.
    private static void AddAlternating(ImmutableArray<PromptMessage>.Builder messages, PromptRole role, string text)
    {
        var last = messages.Count - 1;
        if (last >= 0 && messages[last].Role == role && messages[last].ToolCalls.IsEmpty)
        {
            messages[last] = messages[last] with { Text = $"{messages[last].Text}\n\n{text}" };
        }
        else if (role == PromptRole.User || (last >= 0 && messages[last].Role != PromptRole.System))
        {
            messages.Add(new PromptMessage(role, text));
        }
    }
}
