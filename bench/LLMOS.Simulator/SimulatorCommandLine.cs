using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LLMOS.Simulator.Reports;
using LLMOS.Simulator.Traces;

namespace LLMOS.Simulator;

/// <summary>The command line: 0 when the run ended, 2 for a wrong call or trace, 130 when interrupted.</summary>
internal static class SimulatorCommandLine
{
    public const int Usage = 2;
    public const int Interrupted = 130;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var options = new SimulatorOptions();
        var root = new RootCommand("Runs a trace of requests through LLMOS's step planner on simulated devices.");
        options.AddTo(root);
        root.SetAction((parsed, cancellationToken) =>
        {
            Simulate(options, parsed, errors, cancellationToken).WriteTo(output);
            return Task.FromResult(0);
        });
        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            await errors.WriteLineAsync($"{result.Errors[0].Message} --help lists the options.");
            return Usage;
        }
        try
        {
            return await result.InvokeAsync(new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false });
        }
        catch (SimulatorException exception)
        {
            await errors.WriteLineAsync(exception.Message);
            return Usage;
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("Interrupted before the end: there are no figures.");
            return Interrupted;
        }
    }

    /// <summary>Does what the options say, and writes the file of <c>--json</c>.</summary>
    /// <param name="options">The options.</param>
    /// <param name="parsed">What was said of them.</param>
    /// <param name="errors">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="SimulatorException">An option or the trace is wrong.</exception>
    public static SimulationFigures Simulate(SimulatorOptions options, ParseResult parsed, TextWriter errors, CancellationToken cancellationToken)
    {
        var policies = options.ReadPolicies(parsed);
        var simulation = options.ReadSimulation(parsed);
        var json = parsed.GetValue(options.Json);
        if (json is not null && ReportJson.WhyNotWritable(json) is { } reason)
            throw new SimulatorException(reason);
        var trace = parsed.GetValue(options.Trace) is { } path ? TraceReader.Read(path) : TraceGenerator.Generate(options.ReadWorkload(parsed));

        var (classes, totals) = (new List<ClassFigures>(), new List<PolicyTotals>());
        foreach (var policy in policies)
        {
            var watch = Stopwatch.StartNew();
            var told = TimeSpan.Zero;
            var outcomes = Simulation.Run(trace, simulation, policy, Tell, cancellationToken);
            errors.WriteLine(Line($"{policy}: {trace.Requests.Length} requests on {simulation.Devices} devices, {outcomes.Steps} steps in {watch.Elapsed.TotalSeconds:0.0} s"));
            classes.AddRange(Report.Of(policy, trace, outcomes, simulation));
            totals.Add(Report.Totals(policy, trace, outcomes));

            void Tell(int ended)
            {
                if (watch.Elapsed - told < BetweenReports)
                    return;
                told = watch.Elapsed;
                errors.WriteLine(Line($"{policy}: {ended} of {trace.Requests.Length} requests ({100.0 * ended / trace.Requests.Length:0.0} %) in {told.TotalSeconds:0} s"));
            }
        }
        var figures = new SimulationFigures(classes, totals);
        if (json is not null)
            File.WriteAllText(json, figures.ToJson() + "\n");
        return figures;
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
