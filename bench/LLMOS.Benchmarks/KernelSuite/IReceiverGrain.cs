using LLMOS.Kernel.Messaging;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>Receives messages: those of its streams, and those it is called with.</summary>
[Alias("llmos.bench.IReceiver")]
public interface IReceiverGrain : IGrainWithIntegerKey
{
    [Alias("Receive")]
    Task ReceiveAsync(VmpMessage message);
}
