using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Security;

namespace LLMOS.Silo.Audit;

/// <summary>What the audit log says of a message.</summary>
internal static class AuditOfMessage
{
    /// <summary>The name of a message where a syscall's would be.</summary>
    public const string Name = "message";

    /// <summary>SHA-256 of a vector's bytes; empty for no vector.</summary>
    public static ImmutableArray<byte> DigestOf(byte[] vector) =>
        vector.Length == 0 ? [] : ImmutableCollectionsMarshal.AsImmutableArray(SHA256.HashData(vector));

    public static AuditEntry Describe(VmpMessage message, long? recipient, string principal, ImmutableArray<byte> digest) => new()
    {
        At = DateTimeOffset.UtcNow,
        Principal = principal,
        Source = message.From,
        Destination = recipient,
        Syscall = Name,
        Arguments = $"{message.MessageType.ToString().ToUpperInvariant()} {message.MessageId}",
        VectorDigest = digest,
        Tokens = TokenEstimate.Of(message.Payload),
        Result = AuditEntry.Done,
    };
}
