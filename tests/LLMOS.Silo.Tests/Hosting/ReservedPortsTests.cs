using System.Net;
using System.Net.Sockets;

namespace LLMOS.Silo.Tests.Hosting;

public sealed class ReservedPortsTests
{
    private const int IpLevel = 0;
    private const int IpLocalPortRange = 51;

    [Fact]
    public void The_system_gives_them_to_nobody_and_who_names_one_listens_on_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Ports are reserved on Linux alone.");
        var reserved = ReservedPorts.Take(2);
        Assert.Equal(2, reserved.Numbers.Distinct().Count());
        foreach (var port in reserved.Numbers)
        {
            using var other = ChoosesFrom(port);
            var refused = Assert.Throws<SocketException>(() => other.Bind(new IPEndPoint(IPAddress.Loopback, 0)));
            Assert.Equal(SocketError.AddressAlreadyInUse, refused.SocketErrorCode);

            using var named = new TcpListener(IPAddress.Loopback, port);
            named.Start();
        }

        reserved.Dispose();
        using var later = ChoosesFrom(reserved.Numbers[0]);
        later.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.Equal(reserved.Numbers[0], ((IPEndPoint)later.LocalEndPoint!).Port);
    }

    /// <summary>A socket for which the system chooses from one port alone.</summary>
    private static Socket ChoosesFrom(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetRawSocketOption(IpLevel, IpLocalPortRange, BitConverter.GetBytes(((uint)port << 16) | (uint)port));
        }
        catch (SocketException)
        {
            socket.Dispose();
            Assert.Skip("Needs IP_LOCAL_PORT_RANGE, which Linux has since 6.3.");
        }

        return socket;
    }
}
