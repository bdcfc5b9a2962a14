using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Security;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A process as a resource.</summary>
internal sealed record ProcessView
{
    public required long Pid { get; init; }

    public required string Name { get; init; }

    public required string Kind { get; init; }

    public required string State { get; init; }

    /// <summary>What a BLOCKED process waits for.</summary>
    public string? BlockedOn { get; init; }

    /// <summary>0 (highest) to 19.</summary>
    public required int Priority { get; init; }

    public required string Class { get; init; }

    public int? EffectivePriority { get; init; }

    public required long Parent { get; init; }

    public required IReadOnlyList<long> Children { get; init; }

    public required string Program { get; init; }

    public required string Model { get; init; }

    public required string Role { get; init; }

    public required string Group { get; init; }

    public required string Owner { get; init; }

    public required string Account { get; init; }

    /// <summary>Tokens of its time slice.</summary>
    public required TokenBudget Budget { get; init; }

    /// <summary>The window it thinks in, in tokens, and the region it reads.</summary>
    public required ContextWindow Context { get; init; }

    public required ProcessResources Resources { get; init; }

    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>What it is confined to; null for nothing.</summary>
    public SandboxBody? Sandbox { get; init; }

    /// <summary>TURN or TOKEN.</summary>
    public required string Durability { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public ExitView? Exit { get; init; }

    /// <summary>Inference time.</summary>
    public required double CpuSeconds { get; init; }

    public required long PromptTokens { get; init; }

    public required long CompletionTokens { get; init; }

    public required long Turns { get; init; }

    public required long ContextFaults { get; init; }

    public required PagingActivity Paging { get; init; }

    /// <summary>Messages that wait in its mailbox.</summary>
    public required int Waiting { get; init; }

    public required IReadOnlyList<long> WaitsFor { get; init; }

    public required int Restarts { get; init; }

    public static ProcessView Of(ProcessControlBlock process) => new()
    {
        Pid = process.Pid,
        Name = process.Name,
        Kind = Word(process.Kind),
        State = Word(process.State),
        BlockedOn = process.State == ProcessState.Blocked ? Word(process.BlockedOn) : null,
        Priority = process.Priority.Value,
        Class = Word(process.Priority.Class),
        EffectivePriority = process.EffectivePriority?.Value,
        Parent = process.ParentPid,
        Children = process.ChildPids,
        Program = process.Program,
        Model = process.Model,
        Role = process.Role,
        Group = process.Group,
        Owner = process.Owner,
        Account = process.Account,
        Budget = process.Budget,
        Context = process.Context,
        Resources = process.Resources,
        Permissions = process.Permissions == Kernel.Security.Permissions.None ? [] : PermissionNames.Of(process.Permissions).Split(", "),
        Sandbox = process.Sandbox is { } sandbox ? SandboxBody.Of(sandbox) : null,
        Durability = Word(process.Durability),
        CreatedAt = process.CreatedAt,
        EndedAt = process.EndedAt,
        Exit = process.Exit is { } exit ? new ExitView(Word(exit.Kind), exit.Code, exit.Text) : null,
        CpuSeconds = process.CpuTime.TotalSeconds,
        PromptTokens = process.PromptTokens,
        CompletionTokens = process.CompletionTokens,
        Turns = process.Turns,
        ContextFaults = process.ContextFaults,
        Paging = process.Paging,
        Waiting = process.Waiting,
        WaitsFor = process.WaitsFor,
        Restarts = process.Restarts,
    };

    internal static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToUpperInvariant();
}
