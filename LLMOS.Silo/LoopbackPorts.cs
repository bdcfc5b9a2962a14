using System.Net;
using System.Net.Sockets;

namespace LLMOS.Silo;

/// <summary>Ports on this machine.</summary>
internal static class LoopbackPorts
{
    /// <exception cref="LlmosException">The port is in use, or may not be used.</exception>
    public static void Check(IPAddress address, int port, string purpose, string option)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.ExclusiveAddressUse = true;
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw Taken(address, port, purpose, option, exception);
        }
    }

    public static LlmosException Taken(IPAddress address, int port, string purpose, string option, Exception exception)
    {
        var why = exception is SocketException { SocketErrorCode: var code } && code != SocketError.AddressAlreadyInUse
            ? code switch
            {
                SocketError.AccessDenied => "may not be used by this user",
                SocketError.AddressNotAvailable => $"cannot be opened: {address} is no address of this machine",
                _ => $"cannot be opened ({code})",
            }
            : "is in use";
        return new LlmosException(LlmosErrorCode.FailedPrecondition, $"Port {port}, {purpose}, {why}: choose another with {option}, or end what uses it.", exception);
    }
}
