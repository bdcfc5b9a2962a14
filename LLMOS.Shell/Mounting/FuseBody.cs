using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Mounting;

/// <summary>Reads the fields of a request in their order, in the byte order of this machine. What is not there is EINVAL, and never read.</summary>
internal ref struct FuseBody(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = bytes;

    public uint UInt32() => Read<uint>();

    public ulong UInt64() => Read<ulong>();

    public void Skip(int count) => Bytes(count);

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new ErrnoException(Errno.EINVAL);
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>A name in a directory.</summary>
    /// <exception cref="ErrnoException">It is none, too long, or no UTF-8.</exception>
    public string Name()
    {
        var name = Text();
        return name is "" or "." or ".." || name.Contains('/') ? throw new ErrnoException(Errno.EINVAL) : name;
    }

    /// <summary>A text that ends with a zero byte.</summary>
    /// <exception cref="ErrnoException">It does not end, is too long, or no UTF-8.</exception>
    public string Text() => Text(VfsPath.MaxNameLength);

    /// <summary>Where a symbolic link leads.</summary>
    /// <exception cref="ErrnoException">It is nothing, too long, or no UTF-8.</exception>
    public string Path() => Text(VfsPath.MaxLength) is { Length: > 0 } path ? path : throw new ErrnoException(Errno.ENOENT);

    private string Text(int most)
    {
        var length = _rest.IndexOf((byte)0);
        if (length < 0)
        {
            throw new ErrnoException(Errno.EINVAL);
        }

        if (length > most)
        {
            throw new ErrnoException(Errno.ENAMETOOLONG);
        }

        try
        {
            return Strict.GetString(Bytes(length + 1)[..length]);
        }
        catch (DecoderFallbackException)
        {
            throw new ErrnoException(Errno.EINVAL);
        }
    }

    private T Read<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(Bytes(Unsafe.SizeOf<T>()));
}
