using System.Collections.Immutable;
using System.Text;
using LLMOS.Kernel.Memory;

namespace LLMOS.Cognition.Inference;

/// <summary>Puts a prompt together from a role, what went before, and a message. Pure.</summary>
public static class PromptAssembly
{
    /// <summary>A conversation: what the process said itself is the assistant's, all else the user's.</summary>
    /// <param name="role">The system prompt; empty for none.</param>
    /// <param name="pid">The process that is to answer.</param>
    /// <param name="history">What was said before, oldest first.</param>
    /// <param name="message">What it is to answer.</param>
    public static ImmutableArray<PromptMessage> Conversation(string role, long pid, IReadOnlyList<ContextEntry> history, string message)
    {
        ArgumentNullException.ThrowIfNull(history);
        var messages = ImmutableArray.CreateBuilder<PromptMessage>();
        AddSystem(messages, role);
        foreach (var entry in history)
        {
            AddAlternating(messages, entry.Pid == pid ? PromptRole.Assistant : PromptRole.User, entry.Text);
        }

        AddAlternating(messages, PromptRole.User, message);
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

    // Chat templates want the turns to alternate and the user to begin: an answer whose question was left out goes too.
    private static void AddAlternating(ImmutableArray<PromptMessage>.Builder messages, PromptRole role, string text)
    {
        var last = messages.Count - 1;
        if (last >= 0 && messages[last].Role == role)
        {
            messages[last] = messages[last] with { Text = $"{messages[last].Text}\n\n{text}" };
        }
        else if (role == PromptRole.User || (last >= 0 && messages[last].Role != PromptRole.System))
        {
            messages.Add(new PromptMessage(role, text));
        }
    }
}
