using LLMOS.Inference.Planning;
using LLMOS.Simulator.Traces;

namespace LLMOS.Simulator.Reports;

/// <summary>Turns outcomes into figures by class.</summary>
internal static class Report
{
    /// <summary>The name of the row of all classes together.</summary>
    public const string All = "all";

    /// <summary>A row for each class that has requests, and one for all.</summary>
    public static IReadOnlyList<ClassFigures> Of(string policy, Trace trace, Outcomes outcomes, SimulationOptions options)
    {
        var rows = new List<ClassFigures>();
        foreach (var sequenceClass in Enum.GetValues<SequenceClass>())
        {
            var row = Figures(policy, sequenceClass.ToString().ToUpperInvariant(), trace, outcomes, options, request => SchedulingClass.Of(request.Priority) == sequenceClass);
            if (row.Requests > 0)
                rows.Add(row);
        }
        rows.Add(Figures(policy, All, trace, outcomes, options, _ => true));
        return rows;
    }

    public static PolicyTotals Totals(string policy, Trace trace, Outcomes outcomes)
    {
        var generated = trace.Requests.Sum(request => (long)request.OutputTokens);
        return new PolicyTotals(
            policy,
            outcomes.Makespan,
            generated / outcomes.Makespan,
            outcomes.Steps,
            outcomes.DecodedTokens,
            outcomes.PrefilledTokens,
            outcomes.CachedTokens,
            outcomes.Preemptions,
            outcomes.Swaps);
    }

    private static ClassFigures Figures(
        string policy, string name, Trace trace, Outcomes outcomes, SimulationOptions options, Predicate<TraceRequest> belongs)
    {
        List<double> waiting = [], first = [], perToken = [], speeds = [];
        for (var i = 0; i < trace.Requests.Length; i++)
        {
            ref readonly var request = ref trace.Requests[i];
            if (!belongs(request))
                continue;
            waiting.Add(outcomes.Admitted[i] - request.Arrival);
            first.Add(outcomes.FirstTokens[i] - request.Arrival);
            if (request.OutputTokens > 1)
                perToken.Add((outcomes.Ends[i] - outcomes.FirstTokens[i]) / (request.OutputTokens - 1));
            speeds.Add(Alone(request, options) / (outcomes.Ends[i] - request.Arrival));
        }
        return new ClassFigures(policy, name, waiting.Count, Quantiles.Of(waiting), Quantiles.Of(first), Quantiles.Of(perToken), Fairness.Jain(speeds));
    }

    /// <summary>Seconds that a request takes on a device that does nothing else and has no prefix.</summary>
    private static double Alone(in TraceRequest request, SimulationOptions options)
    {
        var (costs, steps) = (options.Costs, (request.PromptTokens + options.Shape.StepTokens - 1) / options.Shape.StepTokens);
        var decodes = request.OutputTokens - 1;
        return costs.StepSeconds(0, request.PromptTokens, 0, 0, 0)
            + ((steps - 1) * costs.StepSeconds(0, 0, 0, 0, 0))
            + (decodes * costs.StepSeconds(1, 0, request.PromptTokens + (decodes / 2), 0, 0));
    }
}
