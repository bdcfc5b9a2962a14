namespace LLMOS.Kernel.Security;

/// <summary>A key that was made just now, with its secret, which is shown this once.</summary>
[GenerateSerializer, Immutable, Alias("llmos.issued-api-key")]
public sealed record IssuedApiKey(
    [property: Id(0)] ApiKey Key,
    [property: Id(1)] string Secret);
