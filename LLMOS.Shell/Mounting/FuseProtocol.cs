namespace LLMOS.Shell.Mounting;

/// <summary>What is agreed with the kernel in the first request.</summary>
internal static class FuseProtocol
{
    public const uint Major = 7;

    /// <summary>What is spoken here; a newer kernel speaks it, too.</summary>
    public const uint Minor = 31;

    /// <summary>Linux 3.15: an older kernel has shorter structures.</summary>
    public const uint LeastMinor = 23;

    /// <summary>Most bytes of one write: what a kernel does without being asked for more.</summary>
    public const int MaxWrite = 128 * 1024;

    /// <summary>Room for the largest request, a write.</summary>
    public const int RequestBuffer = MaxWrite + 4096;

    /// <summary>How many requests are worked on at once; as many wait in the kernel.</summary>
    public const int MaxConcurrent = 16;

    // Reads need no order; opening with O_TRUNC is one request; more than a page is written at once; a directory is looked into by several at once.
    private const uint AsyncRead = 1 << 0;
    private const uint AtomicTruncate = 1 << 3;
    private const uint BigWrites = 1 << 5;
    private const uint ParallelDirectoryOperations = 1 << 18;
    private const uint MoreFlags = 1 << 30;
    private const uint Wanted = AsyncRead | AtomicTruncate | BigWrites | ParallelDirectoryOperations | MoreFlags;

    /// <summary>Files can be mapped although the kernel keeps no pages of them otherwise; of the second word of flags, from Linux 6.6 on.</summary>
    private const uint MapWithoutCache = 1 << 4;

    /// <summary>Times are .NET's, in hundreds of nanoseconds.</summary>
    private const uint TimeGranularity = 100;

    /// <summary>Answers the first request.</summary>
    /// <returns>The reply, and whether the two understand each other; a kernel of a newer major version asks again in this one.</returns>
    /// <exception cref="ErrnoException">The kernel is too old.</exception>
    public static (FuseReply Reply, bool Agreed) Negotiate(FuseRequest request)
    {
        var body = request.Body;
        var (major, minor) = (body.UInt32(), body.UInt32());
        if (major < Major || (major == Major && minor < LeastMinor))
        {
            throw new ErrnoException(Errno.EPROTO, $"The kernel speaks version {major}.{minor} of FUSE, and {Major}.{LeastMinor} is the least that is understood here: use Linux 3.15 or newer.");
        }

        if (major > Major)
        {
            return (Reply(readahead: 0, flags: 0, moreFlags: 0), Agreed: false);
        }

        var (readahead, offered) = (body.UInt32(), body.UInt32());
        var offeredMore = (offered & MoreFlags) != 0 ? body.UInt32() : 0;
        return (Reply(readahead, offered & Wanted, offeredMore & MapWithoutCache), Agreed: true);
    }

    private static FuseReply Reply(uint readahead, uint flags, uint moreFlags) => new FuseReply()
        .UInt32(Major)
        .UInt32(Minor)
        .UInt32(readahead)
        .UInt32(flags)
        .UInt16(MaxConcurrent)
        .UInt16(MaxConcurrent * 3 / 4)
        .UInt32(MaxWrite)
        .UInt32(TimeGranularity)
        .UInt32(0)
        .UInt32(moreFlags)
        .Zeros(7 * sizeof(uint));
}
