using Orleans.Runtime.Providers;

namespace LLMOS.Silo.Streams;

/// <summary>How long to wait before a delivery or a read that failed is tried again: twice as long each time, up to a limit.</summary>
internal sealed class VmpBackoff : IMessageDeliveryBackoffProvider, IQueueReaderBackoffProvider
{
    private const int MaxDoublings = 8;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);

    public TimeSpan Next(int attempt) => First * (1 << Math.Clamp(attempt, 0, MaxDoublings));
}
