using LLMOS.Kernel.Messaging;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>Sends messages with a vector of 768 floats over one of the transports.</summary>
public sealed class SenderGrain : Grain, ISenderGrain
{
    public async Task SendAsync(SendOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        var send = Route(order);
        var onTheirWay = new Queue<Task>(order.Window);
        using var pace = order.Pace > TimeSpan.Zero ? new PeriodicTimer(order.Pace) : null;
        for (var i = 0; i < order.Count; i++)
        {
            if (pace is not null)
                await pace.WaitForNextTickAsync();
            if (onTheirWay.Count == order.Window)
                await onTheirWay.Dequeue();
            onTheirWay.Enqueue(send(Create(order.Receiver)));
        }

        await Task.WhenAll(onTheirWay);
    }

    private Func<VmpMessage, Task> Route(SendOrder order)
    {
        if (order.Transport == Transport.DirectCall)
            return GrainFactory.GetGrain<IReceiverGrain>(order.Receiver).ReceiveAsync;
        var provider = this.GetStreamProvider(order.Transport == Transport.DurableStream ? VmpStreams.Provider : KernelBenchmarks.MemoryProvider);
        var stream = provider.GetStream<VmpMessage>(StreamId.Create(ReceiverGrain.StreamNamespace, order.Receiver));
        return message => stream.OnNextAsync(message);
    }

    private VmpMessage Create(long receiver) => new()
    {
        MessageId = Guid.NewGuid(),
        From = this.GetPrimaryKeyLong(),
        To = receiver,
        MessageType = VmpMessageType.Request,
        Vector = BenchmarkMessage.Vector,
        Payload = BenchmarkMessage.Payload,
        Timestamp = DateTimeOffset.UtcNow,
        CorrelationId = DeliveryMeter.Stamp(),
    };
}
