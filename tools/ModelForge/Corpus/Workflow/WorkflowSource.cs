namespace ModelForge.Corpus.Workflow;

/// <summary>Turns of the built-in workflow: architects plan, coders write and correct, reviewers approve or object.</summary>
public sealed class WorkflowSource : ICorpusSource
{
    /// <summary>What the documents are of.</summary>
    public const string TaskName = "workflow";

    private const string User = "user";

    public string Task => TaskName;

    public double Weight => 0.14;

    public IReadOnlyList<string> FixedPieces => FixedProgramPieces.All;

    public Document Next(CorpusRandom random, CorpusSplit split)
    {
        ArgumentNullException.ThrowIfNull(random);
        var specification = RequestWriter.Draw(random);
        var request = RequestWriter.Phrase(specification, random, split);
        List<(string Author, string Text)> said = [(User, request)];
        var plan = ArchitectPlan.Write(specification);
        if (random.Chance(0.25))
        {
            return Turn(WorkflowPrompts.Architect, said, plan);
        }

        said.Add((WorkflowPrompts.Architect, plan));
        var right = Answer(specification, ProgramWriter.Write(specification));
        if (random.Chance(0.3))
        {
            return Turn(WorkflowPrompts.Coder, said, right);
        }

        var defect = random.Chance(0.5) ? PlantedDefect.Plant(specification, random) : null;
        said.Add((WorkflowPrompts.Coder, defect is null ? right : Answer(specification, defect.Code)));
        var review = defect?.Review ?? WorkflowPrompts.Approved;
        if (random.Chance(0.7))
        {
            return Turn(WorkflowPrompts.Reviewer, said, review);
        }

        said.Add((WorkflowPrompts.Reviewer, review));
        if (defect is null || random.Chance(0.6))
        {
            return Turn(WorkflowPrompts.Coder, said, right);
        }

        // The second round. The window holds two programs and not always what came before them: the runtime drops the oldest.
        var again = random.Chance(0.3) ? PlantedDefect.Plant(specification, random) : null;
        said.Add((WorkflowPrompts.Coder, again is null ? right : Answer(specification, again.Code)));
        review = again?.Review ?? WorkflowPrompts.Approved;
        if (random.Chance(0.5))
        {
            return Turn(WorkflowPrompts.Reviewer, said, review);
        }

        said.Add((WorkflowPrompts.Reviewer, review));
        said.RemoveRange(0, random.Between(0, 3));
        return Turn(WorkflowPrompts.Coder, said, right);
    }

    /// <summary>A coder's answer with this code.</summary>
    internal static string Answer(ProgramSpecification specification, string code) => new ProgramText(
        specification.FileName, specification.Language == ProgramLanguage.Python ? ProgramText.Python : ProgramText.JavaScript, code).ToAnswer();

    private static Document Turn(string role, List<(string Author, string Text)> said, string answer) =>
        new(TaskName, [.. WorkflowPrompts.Turn(role, said), new DocumentMessage("assistant", answer)]);
}
