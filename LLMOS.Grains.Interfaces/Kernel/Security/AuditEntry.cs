using System.Collections.Immutable;

namespace LLMOS.Kernel.Security;

/// <summary>What the audit log says of a syscall or a message.</summary>
[GenerateSerializer, Immutable, Alias("llmos.audit-entry")]
public sealed record AuditEntry
{
    /// <summary>The result of a call that is about to be carried out.</summary>
    public const string Begun = "begun";

    /// <summary>The result of a call that was carried out.</summary>
    public const string Done = "ok";

    [Id(0)] public required DateTimeOffset At { get; init; }

    /// <summary>The person or program that answers for it; <c>kernel</c> for what the system does by itself.</summary>
    [Id(1)] public required string Principal { get; init; }

    /// <summary>The process that called or sent; null for a principal that called for itself.</summary>
    [Id(2)] public long? Source { get; init; }

    /// <summary>The process that it was done to or sent to; null for none.</summary>
    [Id(3)] public long? Destination { get; init; }

    /// <summary>The syscall's name, or <c>message</c>.</summary>
    [Id(4)] public required string Syscall { get; init; }

    /// <summary>Its arguments, shortened.</summary>
    [Id(5)] public string Arguments { get; init; } = "";

    /// <summary>SHA-256 of the vector's 32-bit floats, little-endian; empty without a vector.</summary>
    [Id(6)] public ImmutableArray<byte> VectorDigest { get; init; } = [];

    /// <summary>Tokens of the text it carries, estimated at four bytes each; 0 for none.</summary>
    [Id(7)] public long Tokens { get; init; }

    /// <summary><see cref="Begun"/>, <see cref="Done"/>, or the error's code and its sentence.</summary>
    [Id(8)] public required string Result { get; init; }
}
