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

    /// <summary>
    /// Tokens spent in the process's whole life. It is written with what was bought by them, and the accounts are told
    /// what it reads, so that a crash can make them late and never wrong.
    /// </summary>
    [Id(40)] public long Meter { get; set; }

    /// <summary>Whether the process has an account of its own.</summary>
    [Id(41)] public bool HasAccount { get; set; }

    /// <summary>Whether its account has the last reading of a process that ended; nothing is said to it after that.</summary>
    [Id(42)] public bool LedgerClosed { get; set; }

    /// <summary>Processes that have to end before this one starts.</summary>
    [Id(43)] public List<long> WaitsFor { get; set; } = [];

    /// <summary>Those of them that ended, not well, and are waited for until somebody resumes this one.</summary>
    [Id(44)] public HashSet<long> HeldBy { get; set; } = [];

    /// <summary>Processes that wait for the end of this one.</summary>
    [Id(45)] public HashSet<long> Dependents { get; set; } = [];

    /// <summary>Turns that failed since one was committed.</summary>
    [Id(46)] public int FailuresInARow { get; set; }

    /// <summary>Whether its children end with it.</summary>
    [Id(47)] public bool KillsChildren { get; set; }

    /// <summary>Whether parent and children know of its end.</summary>
    [Id(48)] public bool HasLeftFamily { get; set; }

    /// <summary>The message whose turn was interrupted after its tokens had been charged; empty for none.</summary>
    [Id(60)] public Guid ChargedTurn { get; set; }

    /// <summary>Tokens of that turn's log that <see cref="Meter"/> has.</summary>
    [Id(61)] public long ChargedTokens { get; set; }

    /// <summary>Messages that will never be handled, and which the log may not have marked so yet.</summary>
    [Id(6)] public List<DeadLetter> Dead { get; set; } = [];

    /// <summary>Messages whose turns met a passing fault, and when they are tried again.</summary>
    [Id(7)] public Dictionary<Guid, TurnRetry> Retries { get; set; } = [];

    /// <summary>Messages that the process waits to see acknowledged.</summary>
    [Id(8)] public HashSet<Guid> Unacknowledged { get; set; } = [];

    /// <summary>By whom each of them has to be acknowledged.</summary>
    [Id(10)] public Dictionary<Guid, long> AcknowledgedBy { get; set; } = [];

    /// <summary>The multicast groups that it may be a member of.</summary>
    [Id(9)] public HashSet<string> Groups { get; set; } = [];
}
