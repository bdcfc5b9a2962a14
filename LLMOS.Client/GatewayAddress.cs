using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LLMOS.Client;

/// <summary>The address of a silo's gateway.</summary>
/// <param name="Host">A name or an IP address.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record GatewayAddress(string Host, int Port)
{
    /// <summary>Reads <c>HOST:PORT</c>, <c>HOST</c>, <c>[IPV6]:PORT</c> or <c>[IPV6]</c>.</summary>
    /// <exception cref="LlmosException">It is none of them.</exception>
    public static GatewayAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bracket = text.LastIndexOf(']');
        var colon = text.IndexOf(':', Math.Max(0, bracket));
        var host = (colon < 0 ? text : text[..colon]).Trim('[', ']');
        var port = LlmosClientOptions.DefaultGatewayPort;
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown
            || (colon >= 0 && !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
            || port is < 1 or > IPEndPoint.MaxPort)
        {
            throw LlmosException.InvalidArgument(
                $"'{text}' is no address of a silo: use HOST:PORT, such as localhost:{LlmosClientOptions.DefaultGatewayPort}.");
        }

        return new GatewayAddress(host, port);
    }

    /// <summary>The endpoints that the host's name stands for.</summary>
    /// <exception cref="LlmosException">Nobody knows the name.</exception>
    public IReadOnlyList<IPEndPoint> Resolve()
    {
        try
        {
            return [.. Dns.GetHostAddresses(Host).Select(address => new IPEndPoint(address, Port))];
        }
        catch (SocketException unknown)
        {
            throw new LlmosException(
                LlmosErrorCode.Unavailable, $"The host '{Host}' of the silo {this} cannot be found: check its name.", unknown);
        }
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
