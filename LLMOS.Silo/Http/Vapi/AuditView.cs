using LLMOS.Kernel.Security;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A record of the audit log as a resource; its hashes in hexadecimal.</summary>
internal sealed record AuditView(
    long Sequence, DateTimeOffset At, string Principal, long? Source, long? Destination, string Syscall, string Arguments, long Tokens, string Result, string VectorDigest, string Hash)
{
    public static AuditView Of(AuditRecord record) => new(
        record.Sequence,
        record.Entry.At,
        record.Entry.Principal,
        record.Entry.Source,
        record.Entry.Destination,
        record.Entry.Syscall,
        record.Entry.Arguments,
        record.Entry.Tokens,
        record.Entry.Result,
        Convert.ToHexStringLower(record.Entry.VectorDigest.AsSpan()),
        Convert.ToHexStringLower(record.Hash.AsSpan()));
}
