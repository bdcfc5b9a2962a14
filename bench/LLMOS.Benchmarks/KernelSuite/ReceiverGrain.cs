using LLMOS.Kernel.Messaging;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>Notes each message that comes.</summary>
[ImplicitStreamSubscription(StreamNamespace)]
public sealed class ReceiverGrain(DeliveryMeter meter) : Grain, IReceiverGrain, IStreamSubscriptionObserver
{
    public const string StreamNamespace = "bench.inbox";

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        ArgumentNullException.ThrowIfNull(handleFactory);
        await handleFactory.Create<VmpMessage>().ResumeAsync((message, _) => ReceiveAsync(message));
    }

    public Task ReceiveAsync(VmpMessage message)
    {
        meter.Arrived(message);
        return Task.CompletedTask;
    }
}
