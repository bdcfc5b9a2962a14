namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>What a <see cref="StoredGrain"/> keeps.</summary>
[GenerateSerializer, Alias("llmos.bench.stored-grain-record")]
public sealed class StoredGrainRecord
{
    [Id(0)] public long Value { get; set; }
}
