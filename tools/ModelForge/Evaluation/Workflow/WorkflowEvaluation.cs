using ModelForge.Corpus;
using ModelForge.Corpus.Workflow;

namespace ModelForge.Evaluation.Workflow;

/// <summary>Whether the built-in workflow gives programs that run, on requests in words that were never trained.</summary>
public sealed class WorkflowEvaluation : IEvaluation
{
    private const ulong Seed = 20_261_124;
    private const double Goal = 90;
    private const string User = "user";
    private const string NoProgram = "the answer has no code block";

    /// <summary>The number of the first case that is reviewed.</summary>
    internal const int FirstReview = 1_000;

    private readonly int _requests;
    private readonly int _reviews;
    private readonly int _runs;

    /// <summary>The evaluation as it counts.</summary>
    public WorkflowEvaluation()
        : this(requests: 100, reviews: 60, runs: 20)
    {
    }

    /// <summary>The evaluation on other numbers of cases.</summary>
    internal WorkflowEvaluation(int requests, int reviews, int runs) => (_requests, _reviews, _runs) = (requests, reviews, runs);

    public string Suite => WorkflowSource.TaskName;

    public async Task<IReadOnlyList<EvaluationRow>> RunAsync(ITextModel model, Action<string> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(progress);
        using var trial = new ProgramTrial();
        var programs = new WorkflowTally(Suite, "program checks and starts", Goal);
        var kinds = new WorkflowTally(Suite, "kind and language are those asked for", Goal);
        var features = new WorkflowTally(Suite, "features asked for are in the program", Goal);
        var tests = new WorkflowTally(Suite, "a program's own tests pass", Goal);
        var runs = new WorkflowTally(Suite, "a whole run's answer checks and starts", Goal);
        for (var i = 0; i < _requests; i++)
        {
            var (wanted, request) = Case(i);
            List<(string Author, string Text)> said = [(User, request)];
            await SayAsync(model, WorkflowPrompts.Architect, said, i, cancellationToken);
            await SayAsync(model, WorkflowPrompts.Coder, said, i, cancellationToken);
            var program = ProgramText.Extract(said[^1].Text);
            programs.Count(request, await TryAsync(trial, program, wanted, cancellationToken));
            kinds.Count(request, program?.Path == wanted.FileName ? null : $"{program?.Path ?? "no file"} instead of {wanted.FileName}");
            if (wanted.Features.Count > 0)
            {
                features.Count(request, MissingFeatures(wanted, program?.Code ?? ""));
            }

            if (wanted.Features.Contains(ProgramFeature.Tests))
            {
                tests.Count(request, program is null ? NoProgram : await ProgramTrial.TestAsync(program, cancellationToken));
            }

            if (i < _runs)
            {
                runs.Count(request, await TryAsync(trial, await FinishAsync(model, said, i, cancellationToken), wanted, cancellationToken));
            }

            if ((i + 1) % 10 == 0)
            {
                progress($"workflow: {i + 1} of {_requests} requests, {programs.Right} programs start");
            }
        }

        var reviews = await ReviewAsync(model, cancellationToken);
        return [programs.ToRow(), kinds.ToRow(), features.ToRow(), tests.ToRow(), reviews.ToRow(), runs.ToRow()];
    }

    /// <summary>The specification and the held-out words of the case with a number; reviews count from <see cref="FirstReview"/>.</summary>
    internal static (ProgramSpecification Specification, string Request) Case(int number) => Case(new CorpusRandom(Seed).Fork((ulong)number));

    private static (ProgramSpecification Specification, string Request) Case(CorpusRandom random)
    {
        var specification = RequestWriter.Draw(random);
        return (specification, RequestWriter.Phrase(specification, random, CorpusSplit.HeldOut));
    }

    /// <summary>What a role says at the temperature that it has in a run; the number of the case and of the turn decide.</summary>
    private static async Task SayAsync(ITextModel model, string role, List<(string Author, string Text)> said, int number, CancellationToken cancellationToken)
    {
        var (prompt, seed) = (WorkflowPrompts.Role(role), new CorpusRandom(Seed).Fork((ulong)number).Fork((ulong)said.Count).NextBits());
        said.Add((role, await model.SayAsync(WorkflowPrompts.Turn(role, said), prompt.MaxTokensPerTurn, prompt.Temperature, seed, cancellationToken)));
    }

    /// <summary>The rest of a run, as the workflow's routes have it, to the answer that the user gets.</summary>
    private static async Task<ProgramText?> FinishAsync(ITextModel model, List<(string Author, string Text)> said, int number, CancellationToken cancellationToken)
    {
        var route = new WorkflowRoutes([WorkflowPrompts.Architect, WorkflowPrompts.Coder]);
        while (route.After(said[^1]) is { } next)
        {
            await SayAsync(model, next, said, number, cancellationToken);
        }

        return ProgramText.Extract(said[^1].Text);
    }

    private static async Task<string?> TryAsync(ProgramTrial trial, ProgramText? program, ProgramSpecification wanted, CancellationToken cancellationToken) =>
        program is null
            ? NoProgram
            : await trial.TryAsync(program, wanted.Kind.IsCommandLine ? wanted.Kind.Sample : null, cancellationToken);

    private static string? MissingFeatures(ProgramSpecification wanted, string code)
    {
        var lines = code.Split('\n').ToHashSet(StringComparer.Ordinal);
        string[] missing =
        [
            .. wanted.Features.Where(feature => !ProgramWriter.LinesOf(feature, wanted).All(lines.Contains)).Select(feature => feature.Name),
        ];
        return missing.Length == 0 ? null : $"without {string.Join(", ", missing)}";
    }

    private async Task<WorkflowTally> ReviewAsync(ITextModel model, CancellationToken cancellationToken)
    {
        var tally = new WorkflowTally(Suite, "reviewer right", Goal);
        for (var i = 0; i < _reviews; i++)
        {
            var random = new CorpusRandom(Seed).Fork((ulong)(FirstReview + i));
            var (specification, request) = Case(random);
            var defect = i % 2 == 0 ? null : PlantedDefect.Plant(specification, random);
            List<(string Author, string Text)> said =
            [
                (User, request),
                (WorkflowPrompts.Architect, ArchitectPlan.Write(specification)),
                (WorkflowPrompts.Coder, WorkflowSource.Answer(specification, defect?.Code ?? ProgramWriter.Write(specification))),
            ];
            await SayAsync(model, WorkflowPrompts.Reviewer, said, FirstReview + i, cancellationToken);
            var review = said[^1].Text.Trim();
            var isRight = defect is null
                ? review == WorkflowPrompts.Approved
                : review.Contains(defect.Subject, StringComparison.OrdinalIgnoreCase) && !review.Contains(WorkflowPrompts.Approved, StringComparison.Ordinal);
            tally.Count(request, isRight ? null : $"'{review}' instead of '{defect?.Review ?? WorkflowPrompts.Approved}'");
        }

        return tally;
    }
}
