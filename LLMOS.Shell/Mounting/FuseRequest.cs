using System.Runtime.InteropServices;

namespace LLMOS.Shell.Mounting;

/// <summary>A request of the kernel: a header that is always the same, and what its opcode says comes after.</summary>
internal sealed class FuseRequest
{
    public const int HeaderLength = 40;

    private readonly byte[] _body;

    private FuseRequest(ReadOnlySpan<byte> bytes)
    {
        IsWhole = MemoryMarshal.Read<uint>(bytes) == bytes.Length;
        Opcode = (FuseOpcode)MemoryMarshal.Read<uint>(bytes[4..]);
        Unique = MemoryMarshal.Read<ulong>(bytes[8..]);
        NodeId = MemoryMarshal.Read<ulong>(bytes[16..]);
        _body = bytes[HeaderLength..].ToArray();
    }

    /// <summary>Whether as many bytes came as the header says.</summary>
    public bool IsWhole { get; }

    public FuseOpcode Opcode { get; }

    /// <summary>What the reply and an interruption name it by.</summary>
    public ulong Unique { get; }

    /// <summary>The file or directory that it is about.</summary>
    public ulong NodeId { get; }

    /// <summary>What comes after the header, from its beginning.</summary>
    public FuseBody Body => new(_body);

    /// <summary>The request in some bytes; null where they are too few to know even whom to answer.</summary>
    public static FuseRequest? Parse(ReadOnlySpan<byte> bytes) => bytes.Length < HeaderLength ? null : new FuseRequest(bytes);
}
