using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace LLMOS.Shell.Mounting;

/// <summary>A reply to the kernel: fields in their order, behind a header that is written last.</summary>
internal sealed class FuseReply
{
    public const int HeaderLength = 16;

    /// <summary>How many seconds the kernel may answer from what it was told: long enough for a listing, too short for anybody to be misled.</summary>
    private const ulong Validity = 1;

    private const int BlockSize = 512;
    private const uint PreferredBlockSize = 4096;

    private readonly ArrayBufferWriter<byte> _bytes;
    private readonly Errno _error;

    public FuseReply(int capacity = 128)
    {
        _bytes = new ArrayBufferWriter<byte>(HeaderLength + capacity);
        Zeros(HeaderLength);
    }

    private FuseReply(Errno error)
        : this(0) => _error = error;

    /// <summary>How many bytes the reply has, without the header.</summary>
    public int Length => _bytes.WrittenCount - HeaderLength;

    /// <summary>Undoes what the kernel does not learn of, because whoever asked was interrupted.</summary>
    public Action? Undelivered { get; init; }

    /// <summary>A node whose attributes the kernel was told before and is to ask for again; 0 for none.</summary>
    public ulong Outdated { get; init; }

    public static FuseReply Of(Errno error) => new(error);

    /// <summary>Tells the kernel, which has not asked, that what it knows of a node's attributes is out of date.</summary>
    public static ReadOnlySpan<byte> Invalidate(ulong nodeId)
    {
        // What nobody asked for has a code in the place of an error, above zero, and a negative offset says that it is about attributes alone.
        const int InvalidateInode = 2;
        return new FuseReply((Errno)(-InvalidateInode)).UInt64(nodeId).UInt64(ulong.MaxValue).UInt64(0).To(0);
    }

    public FuseReply UInt16(ushort value) => Put(value);

    public FuseReply UInt32(uint value) => Put(value);

    public FuseReply UInt64(ulong value) => Put(value);

    public FuseReply Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public FuseReply Zeros(int count)
    {
        _bytes.GetSpan(count)[..count].Clear();
        _bytes.Advance(count);
        return this;
    }

    /// <summary>A node that was looked up or made.</summary>
    public FuseReply Entry(in FuseAttributes attributes, uint user, uint group) => UInt64(attributes.NodeId)
        .UInt64(0)
        .UInt64(Validity)
        .UInt64(Validity)
        .Zeros(2 * sizeof(uint))
        .Stat(attributes, user, group);

    /// <summary>The attributes of a node.</summary>
    public FuseReply Attributes(in FuseAttributes attributes, uint user, uint group) => UInt64(Validity)
        .Zeros(2 * sizeof(uint))
        .Stat(attributes, user, group);

    /// <summary>An open file or directory.</summary>
    public FuseReply Handle(ulong handle, uint flags) => UInt64(handle).UInt32(flags).UInt32(0);

    /// <summary>A name in a listing, if there is room for it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="nodeId">The number of its inode.</param>
    /// <param name="mode">What it is, as in <see cref="FuseAttributes.Mode"/>.</param>
    /// <param name="next">Where the listing goes on after it.</param>
    /// <param name="room">Bytes of the whole reply that the kernel takes.</param>
    public bool TryName(string name, ulong nodeId, uint mode, ulong next, int room)
    {
        const int Fields = 24;
        const int Alignment = 8;
        var bytes = Encoding.UTF8.GetBytes(name);
        var padded = (Fields + bytes.Length + Alignment - 1) / Alignment * Alignment;
        if (Length + padded > room)
        {
            return false;
        }

        UInt64(nodeId).UInt64(next).UInt32((uint)bytes.Length).UInt32((mode & FuseAttributes.KindMask) >> 12).Bytes(bytes).Zeros(padded - Fields - bytes.Length);
        return true;
    }

    /// <summary>The bytes of the reply to a request.</summary>
    public ReadOnlySpan<byte> To(ulong unique)
    {
        var all = MemoryMarshal.AsMemory(_bytes.WrittenMemory).Span;
        MemoryMarshal.Write(all, (uint)all.Length);
        MemoryMarshal.Write(all[4..], -(int)_error);
        MemoryMarshal.Write(all[8..], unique);
        return all;
    }

    private FuseReply Stat(in FuseAttributes attributes, uint user, uint group)
    {
        var ticks = Math.Max(0, (attributes.Modified - DateTimeOffset.UnixEpoch).Ticks);
        var (seconds, nanoseconds) = ((ulong)(ticks / TimeSpan.TicksPerSecond), (uint)(ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick));
        return UInt64(attributes.Inode)
            .UInt64((ulong)attributes.Size)
            .UInt64((ulong)((attributes.Size + BlockSize - 1) / BlockSize))
            .UInt64(seconds).UInt64(seconds).UInt64(seconds)
            .UInt32(nanoseconds).UInt32(nanoseconds).UInt32(nanoseconds)
            .UInt32(attributes.Mode)
            .UInt32(attributes.Links)
            .UInt32(user)
            .UInt32(group)
            .UInt32(0)
            .UInt32(PreferredBlockSize)
            .UInt32(0);
    }

    private FuseReply Put<T>(T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(_bytes.GetSpan(Unsafe.SizeOf<T>()), value);
        _bytes.Advance(Unsafe.SizeOf<T>());
        return this;
    }
}
