using LLMOS.Kernel.Scheduling;

namespace LLMOS.Kernel.Security;

/// <summary>A key that a program shows over HTTP, without its secret: of that only a hash is kept.</summary>
[GenerateSerializer, Immutable, Alias("llmos.api-key")]
public sealed record ApiKey
{
    /// <summary>Names it in listings and in its secret.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Who makes the calls that come with it, in permissions, accounts and the audit log.</summary>
    [Id(1)] public required string Principal { get; init; }

    [Id(2)] public CallerRole Role { get; init; }

    /// <summary>Requests a minute; null for no limit of its own.</summary>
    [Id(3)] public int? RequestsPerMinute { get; init; }

    /// <summary>How urgent its requests are; a request may ask for less, not for more.</summary>
    [Id(4)] public ProcessPriority Priority { get; init; } = ProcessPriority.Default;

    /// <summary>The account that its processes spend from, such as <c>alice/web</c>; empty for none.</summary>
    [Id(5)] public string Account { get; init; } = "";

    /// <summary>The process in whose place its syscalls are made, with what both that process and the principal may do; null for the principal's own.</summary>
    [Id(8)] public long? Pid { get; init; }

    [Id(6)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stopped being good; null while it is.</summary>
    [Id(7)] public DateTimeOffset? RevokedAt { get; init; }
}
