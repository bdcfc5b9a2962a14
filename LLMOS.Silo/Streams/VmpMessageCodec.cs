using System.Runtime.InteropServices;
using LLMOS.Kernel.Messaging;
using Orleans.Serialization;

namespace LLMOS.Silo.Streams;

/// <summary>
/// The bytes of a message in the log: Orleans' format for all but the vector, which is stored as plain 32-bit floats
/// (little-endian), four bytes a dimension, because the general format takes five and a call for each.
/// </summary>
internal sealed class VmpMessageCodec : IDisposable
{
    private readonly ServiceProvider _services =
        new ServiceCollection().AddSerializer(builder => builder.AddAssembly(typeof(VmpMessage).Assembly)).BuildServiceProvider();

    private readonly Serializer<VmpMessage> _serializer;

    public VmpMessageCodec() => _serializer = _services.GetRequiredService<Serializer<VmpMessage>>();

    public (byte[] Body, byte[] Vector) Encode(VmpMessage message) =>
        (_serializer.SerializeToArray(message.Vector.Length == 0 ? message : message with { Vector = [] }),
         MemoryMarshal.AsBytes(message.Vector.AsSpan()).ToArray());

    public VmpMessage Decode(ReadOnlySpan<byte> body, ReadOnlySpan<byte> vector)
    {
        var message = _serializer.Deserialize(body)
            ?? throw new InvalidDataException("The body of the message is empty.");
        return vector.IsEmpty ? message : message with { Vector = MemoryMarshal.Cast<byte, float>(vector).ToArray() };
    }

    /// <summary>The copy of a message that a recipient gets: those of a multicast share one body.</summary>
    public static VmpMessage CopyFor(VmpMessage message, long? recipient) =>
        message.Group.Length > 0 && recipient is { } pid && message.To != pid ? message with { To = pid } : message;

    public void Dispose() => _services.Dispose();
}
