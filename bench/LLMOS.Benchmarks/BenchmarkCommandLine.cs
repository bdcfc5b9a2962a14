using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LLMOS.Benchmarks.EngineSuite;
using LLMOS.Benchmarks.EngineSuite.Peers;
using LLMOS.Benchmarks.InterfaceSuite;
using LLMOS.Benchmarks.KernelSuite;
using LLMOS.Benchmarks.MemorySuite;
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

    /// <summary>The suites that have groups of rows, with the names of these.</summary>
    private static readonly Dictionary<string, IReadOnlyList<string>> GroupsOf = new(StringComparer.Ordinal)
    {
        [EngineBenchmarks.Name] = EngineBenchmarks.Groups.Names,
        [KernelBenchmarks.Name] = KernelBenchmarks.Groups.Names,
        [MemoryBenchmarks.Name] = MemoryBenchmarks.Groups.Names,
        [InterfaceBenchmarks.Name] = InterfaceBenchmarks.Groups.Names,
    };

    private static string Choices => $"The suites are {string.Join(", ", SuiteCatalog.Names)}; the options --json FILE, --quick, --rounds N, --row NAME, --llama-server PATH, --node-llama-cpp FOLDER and --sqlite-vec PATH.";

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var suites = new Argument<string[]>("suite")
        {
            Description = $"What to measure: {string.Join(", ", SuiteCatalog.Names)}.",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = new Option<string>("--json") { Description = "Also write the rows to this file.", HelpName = "FILE" };
        var quick = new Option<bool>("--quick") { Description = "A smaller load that ends in about a minute; its figures are rougher." };
        var rounds = new Option<int?>("--rounds") { Description = "Rounds that count of each row with peers: 5, or 1 of a quick run.", HelpName = "N" };
        var rows = new Option<string[]>("--row")
        {
            Description = string.Join("; ", GroupsOf.Select(suite => $"only these rows of the suite {suite.Key}: {string.Join(", ", suite.Value)}")),
            HelpName = "NAME",
        };
        var server = new Option<string>("--llama-server") { Description = "A llama-server to be compared with.", HelpName = "PATH" };
        var node = new Option<string>("--node-llama-cpp")
        {
            Description = "node-llama-cpp to be compared with: bench/peers/node-llama-cpp, after 'npm ci' there.",
            HelpName = "FOLDER",
        };
        var vec = new Option<string>("--sqlite-vec")
        {
            Description = "sqlite-vec's loadable extension to be compared with in the suite memory: vec0.so of the npm package sqlite-vec-linux-x64, or of its releases.",
            HelpName = "PATH",
        };
        var root = new RootCommand("Measures LLMOS beside what it is compared with, in the same run.") { suites, json, quick, rounds, rows, server, node, vec };
        root.SetAction((parsed, cancellationToken) =>
        {
            var options = new SuiteOptions
            {
                Quick = parsed.GetValue(quick),
                Rounds = parsed.GetValue(rounds) ?? 0,
                Rows = parsed.GetValue(rows) ?? [],
                LlamaServer = parsed.GetValue(server),
                NodeLlamaCpp = parsed.GetValue(node),
                SqliteVec = parsed.GetValue(vec),
            };
            var wrong = parsed.GetValue(rounds) is < 1 or > SuiteOptions.MostRounds
                ? $"--rounds is {parsed.GetValue(rounds)}: it must be 1 to {SuiteOptions.MostRounds}."
                : WhyNot(options, parsed.GetRequiredValue(suites));
            return MeasureAsync(parsed.GetRequiredValue(suites), parsed.GetValue(json), options, wrong, output, errors, cancellationToken);
        });

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

    /// <summary>What is wrong with the options, known before anything is measured; null when nothing is.</summary>
    private static string? WhyNot(SuiteOptions options, string[] suites)
    {
        if (options.Rows.FirstOrDefault(row => SuiteOf(row) is null) is { } unknown)
            return $"There is no row '{unknown}': --row takes {string.Join(", ", GroupsOf.Values.SelectMany(groups => groups))}.";
        if (options.Rows.Select(SuiteOf).FirstOrDefault(suite => suite is not null && !suites.Contains(suite, StringComparer.Ordinal)) is { } unasked)
            return $"--row chooses among the rows of the suite {unasked}, which is not asked for: name it, or leave --row out.";
        if (options.LlamaServer is { } server && !File.Exists(server))
            return $"There is no llama-server at '{server}': give the path of its executable with --llama-server, or leave the option out.";
        if (options.SqliteVec is { } extension && !File.Exists(extension))
            return $"There is no loadable extension at '{extension}': give the path of sqlite-vec's vec0.so with --sqlite-vec, or leave the option out.";
        return options.NodeLlamaCpp is { } folder ? NodeLlamaCpp.WhyNotUsable(folder) : null;
    }

    private static string? SuiteOf(string row) => GroupsOf.FirstOrDefault(suite => suite.Value.Contains(row, StringComparer.Ordinal)).Key;

    private static async Task<int> MeasureAsync(
        string[] names, string? json, SuiteOptions options, string? wrong, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (Array.Find(names, name => !SuiteCatalog.Names.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            var kind = unknown.StartsWith('-') ? "option" : "suite";
            await errors.WriteLineAsync($"There is no {kind} '{unknown}'. {Choices}");
            return Usage;
        }

        if (wrong is not null)
        {
            await errors.WriteLineAsync(wrong);
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
            var run = new SuiteRun(workspace, options, output);
            var watch = Stopwatch.StartNew();
            await SuiteCatalog.Create(name).MeasureAsync(run, cancellationToken);
            await output.WriteLineAsync();
            await RowTable.WriteAsync(run.Rows, output);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {watch.Elapsed.TotalSeconds:0} s{(options.Quick ? ", quick: rough figures" : "")}; load of the machine {MachineLoad.Describe()}"));
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
