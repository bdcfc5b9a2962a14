namespace LLMOS.Benchmarks.SystemSuite;

/// <summary>A grain without state, to see what an activation costs by itself.</summary>
[Alias("llmos.bench.IEmpty")]
public interface IEmptyGrain : IGrainWithIntegerKey
{
    [Alias("Activate")]
    Task ActivateAsync();
}
