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
