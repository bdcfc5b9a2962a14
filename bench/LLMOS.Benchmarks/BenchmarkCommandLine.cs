using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LLMOS.Inference;

namespace LLMOS.Benchmarks;

/// <summary>The command line: 0 when every goal was met, 1 when one was not or a suite failed, 2 for a wrong call, 130 when interrupted.</summary>
internal static class BenchmarkCommandLine
{
    public const int GoalMissed = 1;
    public const int Usage = 2;
    public const int Interrupted = 130;

    /// <summary>For an interrupted suite to stop its silo and take its files away.</summary>
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(30);

    private static string Choices => $"The suites are {string.Join(", ", SuiteCatalog.Names)}; the options --json FILE and --quick.";

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var suites = new Argument<string[]>("suite")
        {
            Description = $"What to measure: {string.Join(", ", SuiteCatalog.Names)}.",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = new Option<string>("--json") { Description = "Also write the rows to this file.", HelpName = "FILE" };
        var quick = new Option<bool>("--quick") { Description = "A smaller load that ends in about a minute; its figures are rougher." };
        var root = new RootCommand("Measures LLMOS beside what it is compared with, in the same run.") { suites, json, quick };
        root.SetAction((parsed, cancellationToken) => MeasureAsync(
            parsed.GetRequiredValue(suites), parsed.GetValue(json), parsed.GetValue(quick), output, errors, cancellationToken));

        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            var wrong = args.Length == 0 ? "Say which suite to run." : result.Errors[0].Message;
            await errors.WriteLineAsync($"{wrong} {Choices}");
            return Usage;
        }

        try
        {
            return await result.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = errors,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeToStop,
            });
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("Interrupted before the end: no rows were written.");
            return Interrupted;
        }
        catch (Exception exception) when (exception is LlmosException or LlamaException or BenchmarkException or IOException)
        {
            await errors.WriteLineAsync(exception.Message);
            return GoalMissed;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            await errors.WriteLineAsync($"The suite failed ({exception.GetType().Name}): {exception.Message.ReplaceLineEndings(" ")}");
            return GoalMissed;
        }
    }

    private static async Task<int> MeasureAsync(
        string[] names, string? json, bool quick, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (Array.Find(names, name => !SuiteCatalog.Names.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            var kind = unknown.StartsWith('-') ? "option" : "suite";
            await errors.WriteLineAsync($"There is no {kind} '{unknown}'. {Choices}");
            return Usage;
        }

        if (json is not null && RowJson.WhyNotWritable(json) is { } reason)
        {
            await errors.WriteLineAsync(reason);
            return Usage;
        }

        var rows = new List<Row>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            using var workspace = new Workspace();
            var run = new SuiteRun(workspace, quick, output);
            var watch = Stopwatch.StartNew();
            await SuiteCatalog.Create(name).MeasureAsync(run, cancellationToken);
            await output.WriteLineAsync();
            await RowTable.WriteAsync(run.Rows, output);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {watch.Elapsed.TotalSeconds:0} s{(quick ? ", quick: rough figures" : "")}; load of the machine {MachineLoad.Describe()}"));
            rows.AddRange(run.Rows);
        }

        if (json is not null)
        {
            await RowJson.WriteAsync(json, rows, cancellationToken);
        }

        var missed = rows.Where(row => row.Met == false).ToList();
        foreach (var row in missed)
        {
            await output.WriteLineAsync($"missed: {row.Suite}, {row.Name}: {row.Goal} was wanted.");
        }

        return missed.Count == 0 ? 0 : GoalMissed;
    }
}
