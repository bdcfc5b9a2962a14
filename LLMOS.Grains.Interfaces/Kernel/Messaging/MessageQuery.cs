using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Messaging;

/// <summary>Which messages of the log to show. What is null does not limit it.</summary>
[GenerateSerializer, Immutable, Alias("llmos.message-query")]
public sealed record MessageQuery : IConcernsProcess
{
    /// <summary>Sent or received by this process.</summary>
    [Id(0)] public long? Pid { get; init; }

    [Id(1)] public string? CorrelationId { get; init; }

    /// <summary>Only messages with a higher sequence number.</summary>
    [Id(2)] public long AfterSequence { get; init; }

    /// <summary>At most so many, the newest of them.</summary>
    [Id(3)] public int Limit { get; init; } = 100;

    /// <summary>Only dead letters: those that expired or were dropped. <see cref="Pid"/> then is the recipient.</summary>
    [Id(4)] public bool DeadOnly { get; init; }

    /// <summary>Only messages with a lower sequence number.</summary>
    [Id(5)] public long BeforeSequence { get; init; } = long.MaxValue;

    long? IConcernsProcess.ConcernedPid => Pid;
}
