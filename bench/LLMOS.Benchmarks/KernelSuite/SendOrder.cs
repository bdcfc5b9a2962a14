namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>What a sender is to send.</summary>
/// <param name="Transport">How.</param>
/// <param name="Receiver">To whom.</param>
/// <param name="Count">How many messages.</param>
/// <param name="Window">How many of them may be on their way at once.</param>
/// <param name="Pace">The time from one message to the next; zero for as fast as they go.</param>
[GenerateSerializer, Immutable, Alias("llmos.bench.order")]
public sealed record SendOrder(
    [property: Id(0)] Transport Transport,
    [property: Id(1)] long Receiver,
    [property: Id(2)] int Count,
    [property: Id(3)] int Window,
    [property: Id(4)] TimeSpan Pace);
