using System.Net;

namespace LLMOS.Silo;

/// <summary>The ports that a silo was given. Those that were chosen for it are kept for it until this is disposed of, which is due once it listens.</summary>
internal sealed record SiloEndpoints(int SiloPort, int GatewayPort, IPEndPoint? Http) : IDisposable
{
    private ReservedPorts? _reserved;

    /// <summary>Takes what the options name, if it is free, and free ones where they leave it open.</summary>
    /// <exception cref="LlmosException">A port that was named is in use.</exception>
    public static SiloEndpoints Choose(LlmosSiloOptions options)
    {
        CheckNamed(IPAddress.Loopback, options.SiloPort, "for other silos", "--silo-port");
        CheckNamed(IPAddress.Loopback, options.GatewayPort, "for clients", "--gateway-port");
        CheckNamed(options.HttpHost, options.HttpPort ?? 0, "for HTTP", "--http");
        if (options.SiloPort != 0 && options.SiloPort == options.GatewayPort)
        {
            throw LlmosException.InvalidArgument($"Port {options.SiloPort} is named both for other silos and for clients: choose another with --gateway-port.");
        }

        var reserved = ReservedPorts.Take(2);
        return new SiloEndpoints(
            options.SiloPort == 0 ? reserved.Numbers[0] : options.SiloPort,
            options.GatewayPort == 0 ? reserved.Numbers[1] : options.GatewayPort,
            options.HttpPort is { } http ? new IPEndPoint(options.HttpHost, http) : null)
        {
            _reserved = reserved,
        };
    }

    public void Dispose() => Interlocked.Exchange(ref _reserved, null)?.Dispose();

    private static void CheckNamed(IPAddress address, int port, string purpose, string option)
    {
        if (port != 0)
        {
            LoopbackPorts.Check(address, port, purpose, option);
        }
    }
}
