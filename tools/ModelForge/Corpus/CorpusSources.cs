using ModelForge.Corpus.Reading;
using ModelForge.Corpus.Reading.Roles;
using ModelForge.Corpus.Reading.Tools;
using ModelForge.Corpus.Shell;
using ModelForge.Corpus.Workflow;

namespace ModelForge.Corpus;

/// <summary>What nano is trained on.</summary>
internal static class CorpusSources
{
    /// <summary>A source for each task.</summary>
    public static IReadOnlyList<ICorpusSource> All { get; } =
    [
        new ShellSource(),
        new WorkflowSource(),
        new SummarySource(),
        new QuestionSource(),
        new ToolCallSource(),
        new RoleSource(),
        new ConfidenceSource(),
        new ChatSource(),
    ];
}
