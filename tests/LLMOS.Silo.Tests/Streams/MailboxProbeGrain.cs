using LLMOS.Kernel.Messaging;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace LLMOS.Silo.Tests.Streams;

/// <summary>Receives like a process: its mailbox finds it by its PID.</summary>
[ImplicitStreamSubscription(VmpStreams.MailboxNamespace)]
[Orleans.Placement.RandomPlacement]
public sealed class MailboxProbeGrain(DeliverySink sink, ILocalSiloDetails silo)
    : Grain, IMailboxProbeGrain, IStreamSubscriptionObserver, IAsyncObserver<VmpMessage>
{
    public Task<SiloAddress> GetSiloAsync() => Task.FromResult(silo.SiloAddress);

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        handleFactory.Create<VmpMessage>().ResumeAsync(this);

    public Task OnNextAsync(VmpMessage item, StreamSequenceToken? token = null)
    {
        sink.Add($"{this.GetPrimaryKeyLong()}", item, silo.SiloAddress);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
