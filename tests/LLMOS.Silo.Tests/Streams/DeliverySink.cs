using System.Collections.Concurrent;
using LLMOS.Kernel.Messaging;

namespace LLMOS.Silo.Tests.Streams;

/// <summary>What the recipients of a test got, in the order they got it.</summary>
public sealed class DeliverySink
{
    private readonly ConcurrentQueue<(string Recipient, VmpMessage Message, SiloAddress Silo)> _deliveries = new();

    /// <summary>Runs before a delivery is taken; what it throws is what the recipient throws.</summary>
    public Action<string, VmpMessage> Before { get; set; } = (_, _) => { };

    public IReadOnlyList<(string Recipient, VmpMessage Message, SiloAddress Silo)> Deliveries => [.. _deliveries];

    public int Count => _deliveries.Count;

    public void Add(string recipient, VmpMessage message, SiloAddress silo)
    {
        Before(recipient, message);
        _deliveries.Enqueue((recipient, message, silo));
    }

    public List<string> PayloadsOf(string recipient) =>
        [.. _deliveries.Where(delivery => delivery.Recipient == recipient).Select(delivery => delivery.Message.Payload)];
}
