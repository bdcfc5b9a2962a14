using LLMOS.Kernel.Messaging;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace LLMOS.Silo.Tests.Streams;

/// <summary>Subscribes to topics once; a delivery wakes it and it takes its subscription up again.</summary>
public sealed class SubscriberGrain(DeliverySink sink, ILocalSiloDetails silo)
    : Grain, ISubscriberGrain, IStreamSubscriptionObserver, IAsyncObserver<VmpMessage>
{
    public Task SubscribeAsync(string topic) =>
        this.GetStreamProvider(VmpStreams.Provider).GetStream<VmpMessage>(VmpStreamIds.Topic(topic)).SubscribeAsync(this);

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        handleFactory.Create<VmpMessage>().ResumeAsync(this);

    public Task OnNextAsync(VmpMessage item, StreamSequenceToken? token = null)
    {
        sink.Add(this.GetPrimaryKeyString(), item, silo.SiloAddress);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
