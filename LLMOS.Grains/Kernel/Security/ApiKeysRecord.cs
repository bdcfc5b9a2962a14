namespace LLMOS.Kernel.Security;

/// <summary>What is stored of the keys.</summary>
[GenerateSerializer, Alias("llmos.api-keys-record")]
public sealed class ApiKeysRecord
{
    [Id(0)] public List<ApiKey> Keys { get; set; } = [];

    /// <summary>The SHA-256 of each secret, by the id of its key.</summary>
    [Id(1)] public Dictionary<string, byte[]> Hashes { get; set; } = [];
}
