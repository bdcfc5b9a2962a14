namespace LLMOS.Silo;

/// <summary>The names that <see cref="SiloConfiguration"/> reads, with a colon between a section and what is in it. A <c>*</c> stands for a name that the user chooses.</summary>
public static class SiloConfigurationKeys
{
    /// <summary>In the order in which they are documented.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "Data", "ClusterId", "ServiceId", "SiloPort", "GatewayPort", "HttpPort", "HttpHost", "HttpKeys", "HttpCertificate", "HttpCertificateKey", HttpCertificatePassword,
        "Roles", "Join", "DrainGrace", "Devices", "VectorServer", "VectorServerFrom", "Security:GatewayRole", "Security:LocalPrincipal",
        "Model", "Context", "KvLayout", "Sequences", "Threads",
        "Models:Default", "Models:KvLayout", "Models:Sequences", "Models:Policy", "Models:HostCells", "Models:DiskCells", "Models:SpillFolder", "Models:Quantum", "Models:AgingSteps",
        "Models:KeepAlive", "Models:WaitForRoom", "Models:KeepAlives:*", "Models:Adapters:*", "Models:Adapters:*:Path", "Models:Adapters:*:Base", "Models:Local:*", "Models:Folders:*",
        "Models:Remote:*:Endpoint", "Models:Remote:*:Model", "Models:Remote:*:ApiKeyVariable", "Models:Remote:*:EmbeddingModel",
        "Models:Remote:*:ContextLength", "Models:Remote:*:Timeout", "Models:Remote:*:Retries",
    ];

    /// <summary>The one whose value is a secret.</summary>
    public const string HttpCertificatePassword = "HttpCertificatePassword";

    /// <summary>The name as it is documented, whatever casing it was given in; null for one that nothing reads.</summary>
    public static string? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var parts = name.Split(':');
        foreach (var known in All)
        {
            var expected = known.Split(':');
            if (expected.Length == parts.Length && expected.Zip(parts).All(pair => pair.First == "*" ? pair.Second.Length > 0 : string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase)))
            {
                return string.Join(':', expected.Zip(parts, (known, said) => known == "*" ? said : known));
            }
        }

        return null;
    }
}
