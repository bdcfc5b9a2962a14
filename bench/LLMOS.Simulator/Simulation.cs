using LLMOS.Inference.Planning;
using LLMOS.Simulator.Devices;
using LLMOS.Simulator.Traces;

namespace LLMOS.Simulator;

/// <summary>Runs a trace under a policy, event by event: an arrival, or a device that ends a step. The same trace, options and policy give the same outcomes.</summary>
internal static class Simulation
{
    private const int EventsBetweenReports = 1 << 14;

    /// <param name="trace">What arrives.</param>
    /// <param name="options">On what.</param>
    /// <param name="policy">One of <see cref="StepPlanners.Names"/>.</param>
    /// <param name="progress">Told now and then how many requests have ended; null for no one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="SimulatorException">A request can never fit on a device.</exception>
    public static Outcomes Run(Trace trace, SimulationOptions options, string policy, Action<int>? progress, CancellationToken cancellationToken)
    {
        RequireFit(trace, options.Shape);
        var outcomes = new Outcomes(trace.Requests.Length);
        var planner = StepPlanners.Create(policy, options.Planner);
        var treeService = new double[trace.Trees];
        var devices = new SimulatedDevice[options.Devices];
        for (var i = 0; i < devices.Length; i++)
            devices[i] = new SimulatedDevice(options.Shape, options.Costs, planner, treeService, outcomes);
        var dispatch = new PowerOfTwoChoices(devices, new Random(options.Seed));
        var steps = new PriorityQueue<int, double>(devices.Length);

        var (next, events) = (0, 0L);
        while (outcomes.Ended < trace.Requests.Length)
        {
            if (++events % EventsBetweenReports == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Invoke(outcomes.Ended);
            }
            if (next < trace.Requests.Length && (!steps.TryPeek(out _, out var ends) || trace.Requests[next].Arrival <= ends))
            {
                var chosen = dispatch.Choose();
                devices[chosen].Add(next, trace.Requests[next]);
                if (!devices[chosen].IsBusy)
                    steps.Enqueue(chosen, trace.Requests[next].Arrival);
                devices[chosen].IsBusy = true;
                next++;
                continue;
            }
            steps.TryDequeue(out var device, out var now);
            if (devices[device].Load == 0)
                devices[device].IsBusy = false;
            else
                steps.Enqueue(device, devices[device].RunStep(now));
        }
        return outcomes;
    }

    private static void RequireFit(Trace trace, DeviceShape shape)
    {
        for (var i = 0; i < trace.Requests.Length; i++)
        {
            if (trace.Requests[i].Cells > shape.Cells)
                throw new SimulatorException($"Request {i + 1} of the trace has {trace.Requests[i].PromptTokens} prompt and {trace.Requests[i].OutputTokens} output tokens, more than the {shape.Cells} KV cells of a device: raise --cells, or shorten it.");
        }
    }
}
