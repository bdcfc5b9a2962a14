using ModelForge.Evaluation.Reading;
using ModelForge.Evaluation.Shell;
using ModelForge.Evaluation.Workflow;

namespace ModelForge.Evaluation;

/// <summary>What nano is judged by.</summary>
internal static class Evaluations
{
    /// <summary>All suites.</summary>
    /// <param name="modelPath">The model's file, for what is measured from its loading on.</param>
    public static IReadOnlyList<IEvaluation> All(string modelPath) =>
    [
        new ShellEvaluation(),
        new WorkflowEvaluation(),
        new ReadingEvaluation(),
        new SpeedEvaluation(modelPath),
        new TrainerEvaluation(),
    ];
}
