namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>Sends messages.</summary>
[Alias("llmos.bench.ISender")]
public interface ISenderGrain : IGrainWithIntegerKey
{
    /// <summary>Sends, and returns when the last message was taken by its transport.</summary>
    [Alias("Send"), ResponseTimeout("00:05:00")]
    Task SendAsync(SendOrder order);
}
