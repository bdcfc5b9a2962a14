namespace LLMOS.Kernel.Resources;

/// <summary>How busy an engine is.</summary>
/// <param name="Active">Sequences in the batch.</param>
/// <param name="Waiting">Requests that wait for room.</param>
/// <param name="KvUsed">KV cells in use.</param>
/// <param name="KvTotal">KV cells there are.</param>
/// <param name="TokensPerSecond">Tokens computed a second, lately.</param>
[GenerateSerializer, Immutable, Alias("llmos.engine-load")]
public readonly record struct EngineLoad(
    [property: Id(0)] int Active,
    [property: Id(1)] int Waiting,
    [property: Id(2)] int KvUsed,
    [property: Id(3)] int KvTotal,
    [property: Id(4)] double TokensPerSecond);
