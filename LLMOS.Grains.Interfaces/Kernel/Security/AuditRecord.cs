using System.Collections.Immutable;

namespace LLMOS.Kernel.Security;

/// <summary>A record of the audit log, as it is stored.</summary>
[GenerateSerializer, Immutable, Alias("llmos.audit-record")]
public sealed record AuditRecord
{
    /// <summary>Its place, from 1 without a gap.</summary>
    [Id(0)] public required long Sequence { get; init; }

    [Id(1)] public required AuditEntry Entry { get; init; }

    /// <summary>SHA-256 over the hash of the record before it and this one's bytes: 32 bytes.</summary>
    [Id(2)] public required ImmutableArray<byte> Hash { get; init; }
}
