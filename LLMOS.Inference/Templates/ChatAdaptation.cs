namespace LLMOS.Inference.Templates;

/// <summary>Brings a chat into a form that a template does not refuse, without leaving out a word of it.</summary>
internal static class ChatAdaptation
{
    private const string Between = "\n\n";

    public static IReadOnlyList<ChatTurn> Adapt(IReadOnlyList<ChatTurn> turns, TemplateCapabilities capabilities)
    {
        if (!capabilities.SystemRole)
            turns = WithoutSystem(turns);
        if (!capabilities.LooseResults)
            turns = [.. turns.Select(turn => turn is { Role: "tool", ToolCallId: null } ? turn with { Role = "user" } : turn)];
        return capabilities.RepeatedRoles ? turns : Merged(turns);
    }

    /// <summary>For a template without a system role: what the system says stands before what the user says next.</summary>
    private static List<ChatTurn> WithoutSystem(IReadOnlyList<ChatTurn> turns)
    {
        var (adapted, pending) = (new List<ChatTurn>(), new List<string>());
        foreach (var turn in turns)
        {
            if (turn.Role == "system")
            {
                pending.Add(turn.Content);
            }
            else if (turn.Role == "user" && pending.Count > 0)
            {
                adapted.Add(turn with { Content = string.Join(Between, pending.Append(turn.Content)) });
                pending.Clear();
            }
            else
            {
                adapted.Add(turn);
            }
        }
        if (pending.Count > 0)
            adapted.Add(new ChatTurn("user", string.Join(Between, pending)));
        return adapted;
    }

    /// <summary>For a template in which user and assistant must alternate: what one of them says in a row is one message.</summary>
    private static List<ChatTurn> Merged(IReadOnlyList<ChatTurn> turns)
    {
        var merged = new List<ChatTurn>();
        foreach (var turn in turns)
        {
            if (merged is [.., var last] && last.Role == turn.Role && turn.Role != "tool" && last.ToolCalls.Count == 0 && turn.ToolCalls.Count == 0)
                merged[^1] = last with { Content = last.Content + Between + turn.Content };
            else
                merged.Add(turn);
        }
        return merged;
    }
}
