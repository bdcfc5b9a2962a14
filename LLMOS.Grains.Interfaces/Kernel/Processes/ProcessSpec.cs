using System.Collections.Immutable;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Processes;

/// <summary>What a process is to be. What is not said gets the default of its kind.</summary>
[GenerateSerializer, Immutable, Alias("llmos.process-spec")]
public sealed record ProcessSpec : IConcernsProcess
{
    /// <summary>What the process is for, in words: an agent's system prompt, and the text its vector is made of.</summary>
    [Id(0)] public string Role { get; init; } = "";

    /// <summary>The name people use; 1 to 64 letters, digits, '-', '_' and '.'.</summary>
    [Id(1)] public required string Name { get; init; }

    [Id(2)] public ProcessKind Kind { get; init; } = ProcessKind.Specialist;

    [Id(3)] public ProcessPriority Priority { get; init; } = ProcessPriority.Default;

    /// <summary>Tokens it may use in a time slice; must be positive.</summary>
    [Id(4)] public long Budget { get; init; } = 10_000;

    /// <summary>The length of the budget's time slice. An exhausted budget blocks the process until the next slice.</summary>
    [Id(5)] public TimeSpan BudgetSlice { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether an exhausted budget ends the process instead of blocking it until the next slice.</summary>
    [Id(6)] public bool HardCap { get; init; }

    /// <summary>The model it thinks with, by name; empty for the silo's default.</summary>
    [Id(7)] public string Model { get; init; } = "";

    /// <summary>The program it runs; see <see cref="ProcessPrograms"/>.</summary>
    [Id(8)] public string Program { get; init; } = ProcessPrograms.Agent;

    [Id(9)] public long ParentPid { get; init; } = WellKnownPids.Init;

    [Id(10)] public Permissions Permissions { get; init; } = Permissions.Agent;

    /// <summary>The shared context region it reads and writes; empty for one of its own.</summary>
    [Id(11)] public string Region { get; init; } = "";

    /// <summary>The agent group (run) it belongs to; empty for none.</summary>
    [Id(12)] public string Group { get; init; } = "";

    /// <summary>Most tokens it generates in one turn; must be positive.</summary>
    [Id(13)] public int MaxTokensPerTurn { get; init; } = 512;

    /// <summary>Sampling temperature, 0 for greedy.</summary>
    [Id(14)] public float Temperature { get; init; } = 0.7f;

    /// <summary>The seed all of its turns derive theirs from; 0 for a random one.</summary>
    [Id(15)] public ulong Seed { get; init; }

    /// <summary>
    /// Whether its context begins with its parent's as it is at the spawn: the parent's role and all that was said, and then its own role.
    /// It goes on from the parent's KV where the engine has that. Both have a context region of their own, and it needs READ_CONTEXT.
    /// </summary>
    [Id(16)] public bool InheritContext { get; init; }

    /// <summary>The LoRA adapters it thinks with, by the names they are configured under; empty for the plain model.</summary>
    [Id(30)] public ImmutableArray<AdapterSelection> Adapters { get; init; } = [];

    /// <summary>What it is to be confined to; null for nothing beside what its parent is confined to.</summary>
    [Id(40)] public SandboxProfile? Sandbox { get; init; }

    /// <summary>The principal that answers for it; the process table fills it in.</summary>
    [Id(41)] public string Owner { get; init; } = Caller.KernelPrincipal;

    /// <summary>The PIDs it descends from, its parent last; the process table fills it in.</summary>
    [Id(42)] public ImmutableArray<long> Lineage { get; init; } = [];

    /// <summary>The account of a user or group that it spends from, such as <c>alice/web</c>; empty for its parent's, if it has one.</summary>
    [Id(60)] public string Account { get; init; } = "";

    /// <summary>Tokens of each slice of that account that are set aside for it; 0 for none.</summary>
    [Id(61)] public long ReservedTokens { get; init; }

    /// <summary>Device slots it asks for, counted against the quotas of its accounts; fractions where a slot is shared.</summary>
    [Id(62)] public double GpuUnits { get; init; }

    /// <summary>PIDs of processes that must have ended before it handles its first message.</summary>
    [Id(63)] public ImmutableArray<long> After { get; init; } = [];

    /// <summary>What becomes of it when one of those does not end well, which is with code 0.</summary>
    [Id(64)] public DependencyPolicy AfterPolicy { get; init; }

    /// <summary>When it begins anew instead of ending.</summary>
    [Id(65)] public RestartPolicy Restart { get; init; }

    /// <summary>Failures in a row that it begins anew after; with one more it ends.</summary>
    [Id(66)] public int MaxRestarts { get; init; } = 5;

    /// <summary>How long it waits after a first failure. The wait doubles with each further one, up to five minutes.</summary>
    [Id(67)] public TimeSpan RestartDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Turns after which it ends; 0 for no limit.</summary>
    [Id(68)] public long MaxTurns { get; init; }

    /// <summary>Tokens that it may spend in its whole life; 0 for no limit. One that needs more ends.</summary>
    [Id(69)] public long MaxTokens { get; init; }

    /// <summary>How long after its spawn it ends, in the middle of a turn too; zero for no limit.</summary>
    [Id(70)] public TimeSpan MaxLifetime { get; init; }

    /// <summary>What of a turn under way survives a crash. <see cref="ProcessDurability.Token"/> takes a model of this cluster's own: one behind a server cannot go on with an answer.</summary>
    [Id(80)] public ProcessDurability Durability { get; init; }

    /// <summary>Messages that may wait in its mailbox; 0 for as many as its silo allows, and never more than that.</summary>
    [Id(81)] public int MaxMessages { get; init; }

    /// <summary>What stays in its window of a context that does not fit.</summary>
    [Id(90)] public PagingPolicy Paging { get; init; }

    long? IConcernsProcess.ConcernedPid => ParentPid;
}
