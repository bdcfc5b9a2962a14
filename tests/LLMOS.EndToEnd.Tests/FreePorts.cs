using System.Net;
using System.Net.Sockets;

namespace LLMOS.Tests;

/// <summary>
/// Ports on loopback for silos that are started, killed and started again: below those that the system gives out by itself (from 32,768 on Linux), since
/// another test's socket may get one of these between the look and the use.
/// </summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int End = 32_768;

    public static int Next()
    {
        for (; ; )
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(First, End));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
            }
        }
    }
}
