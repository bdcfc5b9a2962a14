namespace LLMOS.Shell.Mounting;

/// <summary>Where requests come from and replies go to: the kernel's device.</summary>
internal interface IFuseChannel
{
    /// <summary>Waits for a request.</summary>
    /// <returns>How many bytes it has; 0 when there will be none any more.</returns>
    int Read(Span<byte> request);

    /// <summary>Gives a reply, whole. Any thread may.</summary>
    /// <returns>Whether somebody took it.</returns>
    bool Write(ReadOnlySpan<byte> reply);
}
