using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;

namespace LLMOS.Client.Control;

/// <summary>A process, as <c>ps -o json</c> lists it. Words of the system, such as states, are in upper case.</summary>
/// <param name="Pid">Its PID.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">USER, SYSTEM, SPECIALIST or META.</param>
/// <param name="State">Its state.</param>
/// <param name="BlockedOn">What a BLOCKED process waits for; null in every other state.</param>
/// <param name="Priority">0 (highest) to 19.</param>
/// <param name="PriorityClass">The class of that priority.</param>
/// <param name="EffectivePriority">What it runs at: more urgent than its own while somebody more urgent waits for it.</param>
/// <param name="Program">What it runs.</param>
/// <param name="Durability">TURN or TOKEN.</param>
/// <param name="Model">The model it thinks with; empty for none as yet.</param>
/// <param name="Run">Its run; empty for none.</param>
/// <param name="Parent">The PID of its parent.</param>
/// <param name="PromptTokens">Tokens that it read over its life.</param>
/// <param name="CompletionTokens">Tokens that it generated over its life.</param>
/// <param name="BudgetAllocated">Tokens that it has for a time slice.</param>
/// <param name="BudgetConsumed">Tokens that are spent of this slice.</param>
/// <param name="CpuTimeMs">Inference time over its life, in milliseconds.</param>
/// <param name="Waiting">Messages in its mailbox.</param>
/// <param name="CreatedAt">When it was spawned.</param>
/// <param name="EndedAt">When it ended; null while it lives.</param>
/// <param name="Exit">How it ended, in words; null while it lives.</param>
/// <param name="Kv">Its KV; null where it holds none.</param>
/// <param name="ContextTokens">Tokens in its context.</param>
/// <param name="ContextMax">Tokens of the window; 0 before it has thought.</param>
/// <param name="Region">The path of its context region.</param>
/// <param name="ContextFaults">Turns whose context did not fit the window, so that some of it was left out.</param>
/// <param name="Paging">What became of its pages.</param>
/// <param name="Account">The account it spends from; empty for none.</param>
/// <param name="TreeAllocated">Tokens that it and its children have for a time slice; null for a process without an account of its own.</param>
/// <param name="TreeConsumed">Tokens that they have spent of this slice.</param>
/// <param name="TreeRemaining">Tokens that they have left.</param>
public sealed record ProcessRow(
    long Pid,
    string Name,
    string Kind,
    string State,
    string? BlockedOn,
    int Priority,
    string PriorityClass,
    int EffectivePriority,
    string Program,
    string Durability,
    string Model,
    string Run,
    long Parent,
    long PromptTokens,
    long CompletionTokens,
    long BudgetAllocated,
    long BudgetConsumed,
    double CpuTimeMs,
    int Waiting,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    string? Exit,
    KvRow? Kv,
    int ContextTokens,
    int ContextMax,
    string Region,
    long ContextFaults,
    PagingRow Paging,
    string Account,
    long? TreeAllocated,
    long? TreeConsumed,
    long? TreeRemaining)
{
    internal static ProcessRow Of(ProcessControlBlock process, KvUsage? usage, AccountStatement? tree) => new(
        process.Pid,
        process.Name,
        process.Kind.ToString().ToUpperInvariant(),
        process.State.ToString().ToUpperInvariant(),
        process.State == ProcessState.Blocked ? process.BlockedOn.ToString().ToUpperInvariant() : null,
        process.Priority.Value,
        process.Priority.Class.ToString().ToUpperInvariant(),
        (process.EffectivePriority ?? process.Priority).Value,
        process.Program,
        process.Durability.ToString().ToUpperInvariant(),
        process.Model,
        process.Group,
        process.ParentPid,
        process.PromptTokens,
        process.CompletionTokens,
        process.Budget.Allocated,
        process.Budget.Consumed,
        process.CpuTime.TotalMilliseconds,
        process.Waiting,
        process.CreatedAt,
        process.EndedAt,
        process.Exit?.Text,
        KvRow.Of(usage),
        process.Context.CurrentLength,
        process.Context.MaxLength,
        process.Context.Region,
        process.ContextFaults,
        PagingRow.Of(process.Paging),
        process.Account,
        tree?.Budget.Allocated,
        tree?.Budget.Consumed,
        tree?.Remaining);
}
