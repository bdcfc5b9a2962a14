using System.Collections.Immutable;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Processes;

/// <summary>What a process is to be. What is not said gets the default of its kind.</summary>
[GenerateSerializer, Immutable, Alias("llmos.process-spec")]
public sealed record ProcessSpec
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

    /// <summary>The LoRA adapters it thinks with, by the names they are configured under; empty for the plain model.</summary>
    [Id(30)] public ImmutableArray<AdapterSelection> Adapters { get; init; } = [];
}
