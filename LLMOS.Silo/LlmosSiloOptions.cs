using System.Net;
using LLMOS.Client;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Logging;
using LLMOS.Silo.Models;

namespace LLMOS.Silo;

/// <summary>
/// How a silo runs. The defaults are those of an embedded one: free ports on loopback, no HTTP, the models and devices
/// of this machine.
/// </summary>
public sealed class LlmosSiloOptions
{
    public const int DefaultSiloPort = 11111;
    public const int DefaultGatewayPort = 30000;
    public const int DefaultHttpPort = 5080;

    /// <summary>The <see cref="VectorServerFrom"/> when nothing is said: what a scan on two cores serves in tens of milliseconds.</summary>
    public const int DefaultVectorServerFrom = 1_000_000;

    /// <summary>The <see cref="DrainGrace"/> of a silo that stands alone.</summary>
    public static readonly TimeSpan DefaultDrainGrace = TimeSpan.FromSeconds(30);

    /// <summary>Where the state of this node lies. Two silos cannot share one.</summary>
    public string Data { get; set; } = UserDataFolder.Default;

    public string ClusterId { get; set; } = "llmos";

    public string ServiceId { get; set; } = "llmos";

    /// <summary>The port for other silos; 0 for any that is free.</summary>
    public int SiloPort { get; set; }

    /// <summary>The port for clients; 0 for any that is free.</summary>
    public int GatewayPort { get; set; }

    /// <summary>The port of the dashboard and of <c>/health</c>; 0 for any that is free, null for no HTTP.</summary>
    public int? HttpPort { get; set; }

    /// <summary>The address that HTTP listens on. Who comes from another machine needs a key.</summary>
    public IPAddress HttpHost { get; set; } = IPAddress.Loopback;

    /// <summary>Whether requests over HTTP need a key from this machine, too; from elsewhere they always do.</summary>
    public bool RequireApiKeys { get; set; }

    /// <summary>The certificate for HTTPS: a PEM file, or a PKCS #12 file (<c>.pfx</c>, <c>.p12</c>); null for HTTP without TLS.</summary>
    public string? HttpCertificate { get; set; }

    /// <summary>The PEM file with the certificate's key; null where that is in the certificate's file.</summary>
    public string? HttpCertificateKey { get; set; }

    /// <summary>The password of the key or of the PKCS #12 file; null for none.</summary>
    public string? HttpCertificatePassword { get; set; }

    public SiloRoles Roles { get; set; } = SiloRoles.All;

    /// <summary>The silo of this machine to join, by its address and silo port; null to be the first. For a silo of the role inference alone.</summary>
    public IPEndPoint? Join { get; set; }

    /// <summary>
    /// How long turns under way may go on when the silo is told to stop, while its processes leave for others; zero to stop at once and leave them to the next start.
    /// </summary>
    public TimeSpan DrainGrace { get; set; }

    /// <summary>The Garnet server, as HOST:PORT, that has the indexes of large collections as vector sets; empty for none.</summary>
    public string VectorServer { get; set; } = "";

    /// <summary>Records from which on the index of a collection lies in the <see cref="VectorServer"/>.</summary>
    public int VectorServerFrom { get; set; } = DefaultVectorServerFrom;

    public DeviceSelection Devices { get; set; } = DeviceSelection.Auto;

    public SiloModelOptions Models { get; } = new();

    /// <summary>Who the doors let in as what.</summary>
    public SecurityOptions Security { get; } = new();

    /// <summary>Whether warnings go to the standard error too; the log in the data folder has them anyhow.</summary>
    public bool LogToConsole { get; set; }

    /// <summary>How they are written there.</summary>
    public LogFormat LogFormat { get; set; }

    /// <summary>The collector that traces, metrics and logs go to by OTLP; null for what <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, or nowhere.</summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>The protocol of that: <c>grpc</c> or <c>http/protobuf</c>; empty for what <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> says, or <c>grpc</c>.</summary>
    public string OtlpProtocol { get; set; } = "";
}
