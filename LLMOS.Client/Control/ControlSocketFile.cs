using System.Net.Sockets;
using System.Text;

namespace LLMOS.Client.Control;

/// <summary>The control socket of a data folder: a file in it, beside that of <see cref="SiloEndpointFile"/>, on which the silo that holds the folder is asked for views.</summary>
public static class ControlSocketFile
{
    /// <summary>Its name.</summary>
    public const string Name = "llmos.sock";

    /// <summary>Bytes of a request at most, with the end of its line.</summary>
    public const int MaxRequest = 64 * 1024;

    // An address has room for 104 bytes on macOS and 108 on Linux and Windows, the last of them a zero.
    private const int MaxPath = 103;

    /// <summary>Its path; null where there can be none, because the path is longer than an address or the platform has no such sockets.</summary>
    public static string? PathIn(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = Path.Combine(Path.GetFullPath(folder), Name);
        return Encoding.UTF8.GetByteCount(path) <= MaxPath && Socket.OSSupportsUnixDomainSockets ? path : null;
    }
}
