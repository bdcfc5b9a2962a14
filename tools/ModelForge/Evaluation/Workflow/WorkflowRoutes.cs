using System.Collections.Immutable;
using LLMOS.Agents;
using ModelForge.Corpus.Workflow;

namespace ModelForge.Evaluation.Workflow;

/// <summary>Whose turn is next in a run of the built-in workflow, by the runtime's own router.</summary>
internal sealed class WorkflowRoutes
{
    private ImmutableDictionary<string, string> _headers = ImmutableDictionary<string, string>.Empty;

    /// <summary>A run in which these roles got their messages already, in this order.</summary>
    public WorkflowRoutes(IReadOnlyList<string> taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        var from = WorkflowRoute.User;
        foreach (var role in taken)
        {
            Step(from, "");
            from = role;
        }
    }

    /// <summary>The role that gets what was said; null when it goes to the user.</summary>
    public string? After((string Author, string Text) said)
    {
        var next = Step(said.Author, said.Text);
        return next == WorkflowRoute.User ? null : next;
    }

    private string Step(string role, string text)
    {
        var step = WorkflowRouter.Next(WorkflowPrompts.Template, role, text, _headers)
            ?? throw new InvalidOperationException($"No route is open from {role}.");
        _headers = step.Headers;
        return step.To;
    }
}
