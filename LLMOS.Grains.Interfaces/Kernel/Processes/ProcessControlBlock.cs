using System.Collections.Immutable;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Processes;

/// <summary>The process control block (PCB): all that the kernel knows of a process. Its grain's key is the PID.</summary>
[GenerateSerializer, Immutable, Alias("llmos.pcb")]
public sealed record ProcessControlBlock
{
    [Id(0)] public required long Pid { get; init; }

    /// <summary>The process's place in the vector space: the embedding of what it is for.</summary>
    [Id(1)] public float[] Vpid { get; init; } = [];

    [Id(2)] public required string Name { get; init; }

    [Id(3)] public ProcessKind Kind { get; init; }

    [Id(4)] public ProcessState State { get; init; }

    /// <summary>What a BLOCKED process waits for.</summary>
    [Id(5)] public BlockReason BlockedOn { get; init; }

    /// <summary>What a SUSPENDED process was before.</summary>
    [Id(6)] public ProcessState SuspendedFrom { get; init; }

    [Id(7)] public ProcessPriority Priority { get; init; } = ProcessPriority.Default;

    [Id(8)] public TokenBudget Budget { get; init; }

    [Id(9)] public ContextWindow Context { get; init; }

    [Id(10)] public long ParentPid { get; init; }

    [Id(11)] public ImmutableArray<long> ChildPids { get; init; } = [];

    [Id(12)] public ProcessResources Resources { get; init; }

    [Id(13)] public Permissions Permissions { get; init; }

    /// <summary>The program it runs: <c>agent</c>, <c>mailbox</c>, or one of the system's own.</summary>
    [Id(14)] public required string Program { get; init; }

    /// <summary>The model it thinks with; empty where it does not think.</summary>
    [Id(15)] public string Model { get; init; } = "";

    /// <summary>What it is for: the system prompt of an agent.</summary>
    [Id(16)] public string Role { get; init; } = "";

    /// <summary>The agent group (run) it belongs to; empty for none.</summary>
    [Id(17)] public string Group { get; init; } = "";

    [Id(18)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Inference time: how long sequences of it were in an engine.</summary>
    [Id(19)] public TimeSpan CpuTime { get; init; }

    /// <summary>Tokens computed for it over its whole life: prompt tokens that no cache held, and tokens generated.</summary>
    [Id(20)] public long PromptTokens { get; init; }

    [Id(21)] public long CompletionTokens { get; init; }

    /// <summary>Turns committed: messages handled to their end.</summary>
    [Id(22)] public long Turns { get; init; }

    /// <summary>Turns whose context did not fit the window, so that some of it was left out.</summary>
    [Id(23)] public long ContextFaults { get; init; }

    /// <summary>Pages of its context that its turns had: found in the window, brought back into it, and pushed out.</summary>
    [Id(90)] public PagingActivity Paging { get; init; }

    [Id(24)] public DateTimeOffset? EndedAt { get; init; }

    [Id(25)] public ExitReason? Exit { get; init; }

    /// <summary>Messages that wait in its mailbox.</summary>
    [Id(26)] public int Waiting { get; init; }

    /// <summary>The root of its process tree: itself, or the root of its parent's.</summary>
    [Id(27)] public long Tree { get; init; }

    /// <summary>What it has from its parent's context; null when its context is its own from the start.</summary>
    [Id(28)] public InheritedContext? Inherited { get; init; }

    /// <summary>The model it asks for, as its spec names it; empty for the silo's default.</summary>
    [Id(29)] public string RequestedModel { get; init; } = "";

    /// <summary>What it is confined to; null for nothing.</summary>
    [Id(40)] public SandboxProfile? Sandbox { get; init; }

    /// <summary>The principal that answers for it: whoever spawned its first ancestor.</summary>
    [Id(41)] public string Owner { get; init; } = Caller.KernelPrincipal;

    /// <summary>The PIDs that it descends from, its parent last; without those that boot assigns.</summary>
    [Id(42)] public ImmutableArray<long> Lineage { get; init; } = [];

    /// <summary>The account it spends from: that of its group, user or parent, or its own once it has one; empty for none.</summary>
    [Id(50)] public string Account { get; init; } = "";

    /// <summary>Processes that have to end before it starts.</summary>
    [Id(51)] public ImmutableArray<long> WaitsFor { get; init; } = [];

    /// <summary>How often it has begun anew.</summary>
    [Id(52)] public int Restarts { get; init; }

    /// <summary>How urgent it is now: as <see cref="Priority"/>, or as the most urgent of those that wait for it. Null in a PCB that was stored.</summary>
    [Id(54)] public ProcessPriority? EffectivePriority { get; init; }

    /// <summary>When it begins anew, while it waits for that.</summary>
    [Id(53)] public DateTimeOffset? RestartsAt { get; init; }

    /// <summary>What of a turn under way survives a crash.</summary>
    [Id(80)] public ProcessDurability Durability { get; init; }

    /// <summary>Regions that it allocated in its own folder and had not freed when it ended; at most a hundred are named.</summary>
    [Id(120)] public ImmutableArray<string> Leaked { get; init; } = [];
}
