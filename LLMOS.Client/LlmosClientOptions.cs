namespace LLMOS.Client;

/// <summary>How an <see cref="LlmosClient"/> reaches its system.</summary>
public sealed class LlmosClientOptions
{
    /// <summary>The cluster's id when nothing is said.</summary>
    public const string DefaultClusterId = "llmos";

    /// <summary>The service's id when nothing is said.</summary>
    public const string DefaultServiceId = "llmos";

    /// <summary>The port of a silo's gateway when an address names none.</summary>
    public const int DefaultGatewayPort = 30_000;

    /// <summary>
    /// Gateways of the cluster, as <c>HOST:PORT</c> or <c>HOST</c>. Empty to use the grain factory that the container has
    /// already: that of a silo in the same process, or of a cluster client that was configured otherwise.
    /// </summary>
    public IList<string> Gateways { get; } = [];

    /// <summary>The id of the cluster to join; all its silos have the same.</summary>
    public string ClusterId { get; set; } = DefaultClusterId;

    /// <summary>The id of the service the cluster is for; all its silos have the same.</summary>
    public string ServiceId { get; set; } = DefaultServiceId;

    /// <summary>
    /// Whether the cluster client knows LLMOS's contracts alone: not the grain interfaces and messages of the program's other assemblies, which a program
    /// that has a silo in it pays for with each start of a client. False unless said; without effect where there are no <see cref="Gateways"/>.
    /// </summary>
    public bool OwnContractsOnly { get; set; }

    /// <summary>How long to try to connect before the host's start fails; must be positive.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
