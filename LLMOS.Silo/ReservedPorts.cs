using System.Net;
using System.Net.Sockets;

namespace LLMOS.Silo;

/// <summary>
/// Ports on loopback that nobody uses, all different, until this is disposed of. On Linux the system gives them to no other socket that leaves the choice
/// to it, neither one that listens nor one that connects, while a socket that names one may listen on it: this one's are bound and do not listen, and .NET
/// sets <c>SO_REUSEADDR</c> on each. Other systems refuse the second one, so that there the ports are only free at the moment of the choice.
/// </summary>
internal sealed class ReservedPorts : IDisposable
{
    private readonly Socket[] _sockets;

    private ReservedPorts(Socket[] sockets)
    {
        _sockets = sockets;
        Numbers = Array.ConvertAll(sockets, socket => ((IPEndPoint)socket.LocalEndPoint!).Port);
    }

    public IReadOnlyList<int> Numbers { get; }

    public static ReservedPorts Take(int count)
    {
        var sockets = new Socket[count];
        try
        {
            for (var index = 0; index < count; index++)
            {
                sockets[index] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets[index].Bind(new IPEndPoint(IPAddress.Loopback, 0));
            }
        }
        catch
        {
            Array.ForEach(sockets, socket => socket?.Dispose());
            throw;
        }

        var reserved = new ReservedPorts(sockets);
        if (!OperatingSystem.IsLinux())
        {
            reserved.Dispose();
        }

        return reserved;
    }

    public void Dispose() => Array.ForEach(_sockets, socket => socket.Dispose());
}
