using LLMOS.Simulator.Traces;

namespace LLMOS.Simulator.Tests;

public sealed class TraceGeneratorTests
{
    private static readonly WorkloadOptions Options = new() { Requests = 20_000, Rate = 50 };

    [Fact]
    public void A_seed_gives_one_trace_and_another_seed_another()
    {
        Assert.Equal(TraceGenerator.Generate(Options).Requests, TraceGenerator.Generate(Options).Requests);
        Assert.NotEqual(TraceGenerator.Generate(Options).Requests, TraceGenerator.Generate(Options with { Seed = 2 }).Requests);
    }

    [Fact]
    public void Arrivals_lengths_trees_and_classes_are_as_asked()
    {
        var trace = TraceGenerator.Generate(Options);
        Assert.InRange(trace.Requests.Length / trace.Requests[^1].Arrival, 48, 52);
        Assert.Equal(trace.Requests.Select(request => request.Arrival).Order(), trace.Requests.Select(request => request.Arrival));
        var outputs = trace.Requests.Select(request => request.OutputTokens).Order().ToArray();
        Assert.InRange(outputs[outputs.Length / 2], 95, 105);
        Assert.InRange(outputs.Average(), 150, 175); // Of a log-normal: the median times e to the half.
        Assert.InRange((double)trace.Requests.Length / trace.Trees, 3.8, 4.2);
        Assert.InRange(trace.Requests.Count(request => request.Priority < 4) / 20_000.0, 0.01, 0.03);
        Assert.InRange(trace.Requests.Count(request => request.Priority is >= 8 and < 12) / 20_000.0, 0.47, 0.53);
        Assert.All(trace.Requests, request => Assert.True(request.PromptTokens > request.PrefixTokens && request.Tree < trace.Trees));
    }
}
