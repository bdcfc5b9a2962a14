namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>A way for messages to go.</summary>
internal interface IMessagingSubject
{
    /// <summary>One message at a time.</summary>
    /// <returns>The time of each on its way, in milliseconds.</returns>
    Task<double[]> PaceAsync(int count, TimeSpan pace, CancellationToken cancellationToken);

    /// <summary>As many as go, from several senders at once, each to a receiver of its own.</summary>
    /// <returns>Messages a second, from the first that is sent to the last that arrives.</returns>
    Task<double> FloodAsync(int pairs, int count, int window, CancellationToken cancellationToken);
}
