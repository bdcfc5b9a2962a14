using LLMOS.Inference.Planning;
using LLMOS.Simulator.Devices;
using LLMOS.Simulator.Reports;
using LLMOS.Simulator.Traces;

namespace LLMOS.Simulator.Tests;

public sealed class SimulationTests
{
    private static readonly DeviceCosts Plain = new() { Step = 10, Decode = 1, Prefill = 0.1, Cell = 0, Swap = 0, SwapCell = 0 };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Policies => [.. StepPlanners.Names];

    /// <summary>A request alone: one step for its prompt, one for each further token; by hand.</summary>
    [Fact]
    public void A_request_alone_takes_what_its_steps_cost()
    {
        var outcomes = Run(new Trace([new TraceRequest(2, 10, 0, 100, TraceRequest.NoPrefix, 0, 5)], 1), new SimulationOptions { Costs = Plain });
        Assert.Equal(2, outcomes.Admitted[0], 9);
        Assert.Equal(2 + 0.020, outcomes.FirstTokens[0], 9);
        Assert.Equal(2 + 0.020 + (4 * 0.011), outcomes.Ends[0], 9);
        Assert.Equal((5, 4, 100), (outcomes.Steps, outcomes.DecodedTokens, outcomes.PrefilledTokens));
        var row = Report.Of("fair", new Trace([new TraceRequest(2, 10, 0, 100, TraceRequest.NoPrefix, 0, 5)], 1), outcomes, new SimulationOptions { Costs = Plain })[^1];
        Assert.Equal((1, 0, 0.020, 0.011, 1), (row.Requests, Math.Round(row.Waiting.Mean, 9), Math.Round(row.TimeToFirstToken.P50, 9), Math.Round(row.TimePerOutputToken.Max, 9), Math.Round(row.Fairness, 9)));
    }

    [Fact]
    public void A_shared_prefix_is_computed_once_on_a_device()
    {
        var requests = Enumerable.Range(0, 10).Select(i => new TraceRequest(i, 10, i, 150, 0, 100, 3)).ToArray();
        var outcomes = Run(new Trace(requests, 10), new SimulationOptions { Costs = Plain });
        Assert.Equal((900, 600), (outcomes.CachedTokens, outcomes.PrefilledTokens));
        var without = Run(new Trace(requests, 10), new SimulationOptions { Costs = Plain, Shape = new DeviceShape { PrefixCells = 99 } });
        Assert.Equal((0, 1500), (without.CachedTokens, without.PrefilledTokens));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Everything_ends_and_a_seed_gives_the_same_figures(string policy)
    {
        var trace = TraceGenerator.Generate(new WorkloadOptions { Requests = 800, Rate = 60, Seed = 7 });
        var options = new SimulationOptions { Devices = 5, Shape = new DeviceShape { Sequences = 8, Cells = 20_000, HostCells = 30_000 } };
        var (first, again) = (Simulation.Run(trace, options, policy, progress: null, Cancelled), Simulation.Run(trace, options, policy, progress: null, Cancelled));
        Assert.Equal(800, first.Ended);
        Assert.Equal(first.Ends.ToArray(), again.Ends.ToArray());
        // Where host memory ran out, the last token of an answer is computed again together with those before it, as prefill.
        var decodes = trace.Requests.Sum(request => request.OutputTokens - 1L);
        Assert.InRange(first.DecodedTokens, policy == "fcfs" ? decodes : 0.95 * decodes, decodes);
        Assert.True(first.PrefilledTokens + first.CachedTokens >= trace.Requests.Sum(request => (long)request.PromptTokens));
        for (var i = 0; i < trace.Requests.Length; i++)
            Assert.True(trace.Requests[i].Arrival <= first.Admitted[i] && first.Admitted[i] < first.FirstTokens[i] && first.FirstTokens[i] <= first.Ends[i]);
    }

    /// <summary>What scheduling is for: under load the better classes wait less, and the device does not less work for it.</summary>
    [Fact]
    public void Under_load_fair_serves_the_better_classes_sooner_and_fcfs_all_alike()
    {
        var trace = TraceGenerator.Generate(new WorkloadOptions { Requests = 3_000, Rate = 12, Seed = 3 });
        var options = new SimulationOptions { Shape = new DeviceShape { Sequences = 16 } };
        var (fair, fcfs) = (Figures("fair"), Figures("fcfs"));
        Assert.True(fair["REALTIME"].TimeToFirstToken.Mean < 0.2 * fair["IDLE"].TimeToFirstToken.Mean);
        Assert.True(fair["HIGH"].TimeToFirstToken.Mean < fair["LOW"].TimeToFirstToken.Mean);
        Assert.True(fair["HIGH"].TimeToFirstToken.Mean < 0.5 * fcfs["HIGH"].TimeToFirstToken.Mean);
        Assert.InRange(fcfs["HIGH"].TimeToFirstToken.Mean / fcfs["LOW"].TimeToFirstToken.Mean, 0.8, 1.25);

        Dictionary<string, ClassFigures> Figures(string policy) =>
            Report.Of(policy, trace, Simulation.Run(trace, options, policy, progress: null, Cancelled), options).ToDictionary(row => row.Class);
    }

    [Fact]
    public void Two_choices_spread_the_load()
    {
        var trace = TraceGenerator.Generate(new WorkloadOptions { Requests = 3_000, Rate = 400, Seed = 3 });
        var many = Run(trace, new SimulationOptions { Devices = 40 });
        var one = Run(trace, new SimulationOptions { Devices = 1 });
        Assert.True(MeanDelay(many) < 0.02 * MeanDelay(one));

        double MeanDelay(Outcomes outcomes) => trace.Requests.Select((request, i) => outcomes.FirstTokens[i] - request.Arrival).Average();
    }

    [Fact]
    public void What_can_never_fit_is_refused()
    {
        var trace = new Trace([new TraceRequest(0, 10, 0, 100_000, TraceRequest.NoPrefix, 0, 5)], 1);
        Assert.Contains("100000 prompt and 5 output tokens, more than the 65536 KV cells", Assert.Throws<SimulatorException>(() => Run(trace, new SimulationOptions())).Message);
    }

    [Fact]
    public void Jains_index_tells_even_from_uneven_shares()
    {
        Assert.Equal(1, Fairness.Jain([3, 3, 3]), 12);
        Assert.Equal(0.25, Fairness.Jain([5, 0, 0, 0]), 12);
        Assert.Equal(1, Fairness.Jain([]));
    }

    private static Outcomes Run(Trace trace, SimulationOptions options) => Simulation.Run(trace, options, StepPlanners.Default, progress: null, Cancelled);
}
