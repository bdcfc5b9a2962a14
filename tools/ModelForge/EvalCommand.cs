using System.CommandLine;
using LLMOS.Inference;
using ModelForge.Evaluation;

namespace ModelForge;

/// <summary><c>eval</c>: measures a model and says which goals hold.</summary>
internal static class EvalCommand
{
    private const string DefaultModel = "models/nano.gguf";

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = $"The model; {DefaultModel} when not given.", HelpName = "FILE" };
        var suites = new Option<string[]>("--suite") { Description = "Only this suite; may be given several times.", HelpName = "NAME" };
        var misses = new Option<bool>("--misses") { Description = "List the cases that went wrong." };
        var command = new Command("eval", "Measures a model: a row for each figure, exit code 1 when a goal is missed.") { model, suites, misses };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(model) ?? DefaultModel,
            parsed.GetValue(suites) ?? [],
            parsed.GetValue(misses),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string path, string[] suites, bool misses, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
            throw new BadInputException("--model must name a file, not ''.");
        var evaluations = Chosen(Evaluations.All(path), suites);
        if (path == DefaultModel && !File.Exists(path))
            throw new BadInputException($"{path} is not there: run this where the repository is, or name a model with --model.");
        try
        {
            await using var model = EngineTextModel.Open(path);
            var rows = new List<EvaluationRow>();
            foreach (var evaluation in evaluations)
                rows.AddRange(await evaluation.RunAsync(model, error.WriteLine, cancellationToken));
            return EvaluationReport.Write(rows, misses, output) ? 0 : ForgeCommandLine.Failure;
        }
        catch (LlamaException failure)
        {
            throw new BadInputException($"{path} could not be evaluated: {failure.Message}", failure);
        }
    }

    private static IEvaluation[] Chosen(IReadOnlyList<IEvaluation> all, string[] suites)
    {
        foreach (var suite in suites)
        {
            if (!all.Any(evaluation => evaluation.Suite.Equals(suite, StringComparison.OrdinalIgnoreCase)))
                throw new BadInputException($"'{suite}' is no suite; there are {string.Join(", ", all.Select(evaluation => evaluation.Suite).Distinct())}.");
        }

        return [.. all.Where(evaluation => suites.Length == 0 || suites.Contains(evaluation.Suite, StringComparer.OrdinalIgnoreCase))];
    }
}
