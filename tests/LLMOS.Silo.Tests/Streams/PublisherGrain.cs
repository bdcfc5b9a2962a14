using LLMOS.Kernel.Messaging;
using Orleans.Streams;

namespace LLMOS.Silo.Tests.Streams;

public sealed class PublisherGrain : Grain, IPublisherGrain
{
    public Task PublishAsync(StreamId stream, VmpMessage message) => Stream<VmpMessage>(stream).OnNextAsync(message);

    public Task PublishTextAsync(StreamId stream, string text) => Stream<string>(stream).OnNextAsync(text);

    private IAsyncStream<T> Stream<T>(StreamId stream) => this.GetStreamProvider(VmpStreams.Provider).GetStream<T>(stream);
}
