namespace LLMOS.Shell.Output;

/// <summary>A record of the audit log, as <c>audit -o json</c> lists it.</summary>
internal sealed record AuditRow(
    long Sequence,
    DateTimeOffset At,
    string Principal,
    long? Source,
    long? Destination,
    string Syscall,
    string Arguments,
    string VectorDigest,
    long Tokens,
    string Result,
    string Hash);
