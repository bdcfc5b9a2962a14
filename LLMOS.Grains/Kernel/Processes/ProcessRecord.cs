using LLMOS.Kernel.Messaging;

namespace LLMOS.Kernel.Processes;

/// <summary>What is stored of a process: everything that a commit of a turn has to change in one write.</summary>
[GenerateSerializer, Alias("llmos.process-record")]
public sealed class ProcessRecord
{
    /// <summary>Null until the process is started.</summary>
    [Id(0)] public ProcessControlBlock? Pcb { get; set; }

    [Id(1)] public ProcessSpec? Spec { get; set; }

    /// <summary>The seed that the seeds of all turns are derived from.</summary>
    [Id(2)] public ulong Seed { get; set; }

    /// <summary>When the budget's current slice began.</summary>
    [Id(3)] public DateTimeOffset SliceStartedAt { get; set; }

    /// <summary>Messages whose effects are in this record and which the log may not have marked as consumed yet.</summary>
    [Id(4)] public HashSet<Guid> Consumed { get; set; } = [];

    /// <summary>Messages that committed turns send and which the log may not have yet.</summary>
    [Id(5)] public List<VmpMessage> Outbox { get; set; } = [];

    /// <summary>Messages that will never be handled, and which the log may not have marked so yet.</summary>
    [Id(6)] public List<DeadLetter> Dead { get; set; } = [];

    /// <summary>Messages whose turns met a passing fault, and when they are tried again.</summary>
    [Id(7)] public Dictionary<Guid, TurnRetry> Retries { get; set; } = [];

    /// <summary>Messages that the process waits to see acknowledged.</summary>
    [Id(8)] public HashSet<Guid> Unacknowledged { get; set; } = [];

    /// <summary>The multicast groups that it may be a member of.</summary>
    [Id(9)] public HashSet<string> Groups { get; set; } = [];
}
