using LLMOS.Kernel.Messaging;

namespace LLMOS.Silo.Tests.Streams;

[Alias("llmos.tests.IPublisherGrain")]
public interface IPublisherGrain : IGrainWithIntegerKey
{
    [Alias("Publish")]
    Task PublishAsync(StreamId stream, VmpMessage message);

    [Alias("PublishText")]
    Task PublishTextAsync(StreamId stream, string text);
}
