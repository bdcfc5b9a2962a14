namespace LLMOS.SystemInterface.Idempotency;

/// <summary>What is stored of a bucket of keys.</summary>
[GenerateSerializer, Alias("llmos.idempotency-record")]
public sealed class IdempotencyRecord
{
    [Id(0)] public Dictionary<string, IdempotencyEntry> Entries { get; set; } = [];
}
