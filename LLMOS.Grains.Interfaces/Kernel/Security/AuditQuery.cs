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

    /// <summary>Only records with a higher number.</summary>
    [Id(5)] public long AfterSequence { get; init; }

    /// <summary>Only records with a lower number.</summary>
    [Id(6)] public long BeforeSequence { get; init; } = long.MaxValue;

    /// <summary>At most so many, the newest of them unless <see cref="OldestFirst"/>.</summary>
    [Id(4)] public int Limit { get; init; } = 100;

    /// <summary>Of too many the oldest: for a reader that goes on where it stopped.</summary>
    [Id(7)] public bool OldestFirst { get; init; }
}
