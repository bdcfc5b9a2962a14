using ModelForge.Corpus;
using ModelForge.Corpus.Workflow;
using ModelForge.Evaluation;
using ModelForge.Evaluation.Workflow;

namespace ModelForge.Tests.Workflow;

/// <summary>A model that has learned all of the workflow, but for what a test makes of its answers.</summary>
internal sealed class FollowingModel(int cases, Func<string, string, string> change) : ITextModel
{
    private readonly Dictionary<string, ProgramSpecification> _known = Enumerable.Range(0, cases)
        .Concat(Enumerable.Range(WorkflowEvaluation.FirstReview, cases))
        .Select(WorkflowEvaluation.Case)
        .DistinctBy(known => known.Request)
        .ToDictionary(known => known.Request, known => known.Specification);

    public Task<string> CompleteAsync(IReadOnlyList<DocumentMessage> messages, int maxTokens, string? grammar, CancellationToken cancellationToken)
    {
        var role = new[] { WorkflowPrompts.Architect, WorkflowPrompts.Coder, WorkflowPrompts.Reviewer }
            .First(role => WorkflowPrompts.Role(role).Prompt == messages[0].Text);
        var request = messages[1].Text.Split('\n')[1];
        var specification = _known[request];
        var right = WorkflowSource.Answer(specification, ProgramWriter.Write(specification));
        var answer = role switch
        {
            WorkflowPrompts.Architect => ArchitectPlan.Write(specification),
            WorkflowPrompts.Coder => right,
            _ when messages[1].Text.Contains(right, StringComparison.Ordinal) => WorkflowPrompts.Approved,
            _ => "Missing: port, quote, bracket, started, " + string.Join(", ", specification.Features.Select(feature => feature.Name)),
        };
        return Task.FromResult(change(role, answer));
    }
}
