using System.Diagnostics;
using System.Diagnostics.Metrics;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>What the owner thread allocates in steps that decode and do nothing else, and that it is the same whether somebody listens to all there is or nobody does.</summary>
public sealed class StepAllocationTests
{
    private const int Tokens = 200;

    /// <summary>A token's text and its place in the step, with room for lists that grow.</summary>
    private const long MostBytesOfToken = 256;

    [Fact]
    public async Task A_step_allocates_what_its_tokens_are_and_no_more_for_who_looks_on()
    {
        var alone = await MeasureAsync();
        using var spans = new ActivityListener { ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(spans);
        using var metrics = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        metrics.SetMeasurementEventCallback<long>((_, _, _, _) => { });
        metrics.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        metrics.Start();
        var watched = await MeasureAsync();
        Assert.InRange(alone, 0, MostBytesOfToken);
        Assert.InRange(watched, 0, alone + 16);
    }

    /// <returns>The median of the bytes that the owner thread allocated from one step to the next.</returns>
    private static async Task<long> MeasureAsync()
    {
        var planner = new MeteringPlanner(StepPlanners.Create(StepPlanners.Default));
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { DraftTokens = 0, Planner = planner });
        await Engines.Drain(engine.Submit(Engines.Request(Engines.Tokens(0, 40), Tokens, key: "0")));
        var bytes = planner.Bytes;
        Assert.InRange(bytes.Count, Tokens, 2 * Tokens);
        return bytes.Order().ElementAt(bytes.Count / 2);
    }

    /// <summary>Notes at each plan what its thread, which is the engine's, has allocated since the one before.</summary>
    private sealed class MeteringPlanner(IStepPlanner planner) : IStepPlanner
    {
        private readonly List<long> _bytes = new(10 * Tokens);
        private long _before;

        public IReadOnlyList<long> Bytes => _bytes;

        public void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, StepPlan plan)
        {
            var now = GC.GetAllocatedBytesForCurrentThread();
            if (_before > 0)
                _bytes.Add(now - _before);
            planner.Plan(sequences, limits, plan);
            _before = now;
        }
    }
}
