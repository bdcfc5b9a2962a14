namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>A grain that keeps one number: what a durable beginning costs where there is nothing else to do.</summary>
[Alias("llmos.bench.IStoredGrain")]
public interface IStoredGrain : IGrainWithIntegerKey
{
    [Alias("Keep")]
    Task KeepAsync(long value);
}
