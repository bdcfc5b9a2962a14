namespace LLMOS.Kernel.Security;

/// <summary>Which records of the audit log to show. What is null does not limit it.</summary>
[GenerateSerializer, Immutable, Alias("llmos.audit-query")]
public sealed record AuditQuery
{
    /// <summary>Of this process, as source or destination.</summary>
    [Id(0)] public long? Pid { get; init; }

    /// <summary>Of this syscall.</summary>
    [Id(1)] public string? Syscall { get; init; }

    [Id(2)] public DateTimeOffset? Since { get; init; }

    [Id(3)] public DateTimeOffset? Until { get; init; }

    /// <summary>At most so many, the newest of them.</summary>
    [Id(4)] public int Limit { get; init; } = 100;

    /// <summary>Only records behind this one, and then the oldest of them: for a reader that goes on where it stopped.</summary>
    [Id(5)] public long? After { get; init; }
}
