namespace LLMOS.Silo.Tests.Streams;

[Alias("llmos.tests.ISubscriberGrain")]
public interface ISubscriberGrain : IGrainWithStringKey
{
    [Alias("Subscribe")]
    Task SubscribeAsync(string topic);
}
