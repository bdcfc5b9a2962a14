using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LLMOS.Kernel.Messaging;

/// <summary>Ids that a replayed turn makes again: the same cause gives the same id, so a second copy is recognised.</summary>
public static class MessageIds
{
    /// <summary>The id of the n-th effect that a process has when it handles a message.</summary>
    public static Guid Derive(Guid cause, long pid, int index)
    {
        Span<byte> input = stackalloc byte[28];
        cause.TryWriteBytes(input);
        BinaryPrimitives.WriteInt64LittleEndian(input[16..], pid);
        BinaryPrimitives.WriteInt32LittleEndian(input[24..], index);
        return Hash(input);
    }

    /// <summary>The id of a recipient's acknowledgement of a message, or of its word that there will be none.</summary>
    public static Guid Acknowledgement(Guid message, long recipient) => Derive(message, recipient, -1);

    /// <summary>The id of the RESPONSE that tells a sender that a recipient will not answer its request.</summary>
    public static Guid Failure(Guid request, long recipient) => Derive(request, recipient, -2);

    /// <summary>The id under which a dead letter of a recipient is sent again to a process.</summary>
    public static Guid Replay(Guid deadLetter, long recipient, long to) => Derive(Derive(deadLetter, recipient, -3), to, -3);

    /// <summary>The id of a thing that has a name, such as the first message of a run.</summary>
    public static Guid OfName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Hash(Encoding.UTF8.GetBytes(name));
    }

    private static Guid Hash(ReadOnlySpan<byte> input)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, digest);
        return new Guid(digest[..16]);
    }
}
