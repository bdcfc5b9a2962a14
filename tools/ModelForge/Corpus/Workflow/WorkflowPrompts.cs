using LLMOS.Agents;
using LLMOS.Client.Workflows;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;

namespace ModelForge.Corpus.Workflow;

/// <summary>The messages that the runtime sends to a role of the built-in workflow.</summary>
internal static class WorkflowPrompts
{
    public const string Architect = "architect-agent";
    public const string Coder = "coder-agent";
    public const string Reviewer = "reviewer-agent";

    /// <summary>What a review says when there is nothing to change; it closes the round.</summary>
    public const string Approved = "APPROVED";

    /// <summary>The workflow.</summary>
    public static WorkflowTemplate Template { get; } = BuiltInWorkflows.Load(BuiltInWorkflows.BuildSoftware);

    /// <summary>The role of this name.</summary>
    public static WorkflowRole Role(string name) => Template.Roles.First(role => role.Name == name);

    /// <summary>The prompt of a role's turn.</summary>
    /// <param name="role">Whose turn it is.</param>
    /// <param name="said">All that was said in the run, oldest first; the last of it is the message that the role got.</param>
    public static IReadOnlyList<DocumentMessage> Turn(string role, IReadOnlyList<(string Author, string Text)> said)
    {
        ArgumentNullException.ThrowIfNull(said);
        var (sender, message) = said[^1];
        // The agent leaves out what is the message itself, wherever it was said.
        var shared = said.Where(entry => entry.Text != message)
            .Select(entry => new ContextEntry(Guid.Empty, 0, entry.Author, entry.Text, 0, DateTimeOffset.UnixEpoch))
            .ToList();
        return
        [
            .. PromptAssembly.SharedWork(Role(role).Prompt, shared, sender, message)
                .Select(prompt => new DocumentMessage(prompt.Role == PromptRole.System ? "system" : "user", prompt.Text)),
        ];
    }
}
