using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Processes;

namespace LLMOS.Client.Watching;

/// <summary>A process as <c>top</c> and the dashboard show it. Compared by value: what has not changed is not sent again.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Parent">Its parent.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Model">The model it thinks with.</param>
/// <param name="Priority">0 (highest) to 19.</param>
/// <param name="Class">The class of that.</param>
/// <param name="State">Its state.</param>
/// <param name="WaitsFor">What a BLOCKED process waits for; empty for nothing.</param>
/// <param name="ContextUsed">Tokens of its window in use.</param>
/// <param name="ContextMax">Tokens of its window.</param>
/// <param name="Kv">Where its KV is: RESIDENT, SWAPPED, COLD, or empty where it has none.</param>
/// <param name="Cells">KV cells of it.</param>
/// <param name="PrefillRate">Prompt tokens computed a second, while steps computed any; 0 before.</param>
/// <param name="DecodeRate">Tokens generated a second, while steps computed any; 0 before.</param>
/// <param name="FirstTokenMs">Time to first token of its newest answer, in milliseconds.</param>
/// <param name="QueueMs">How long that answer's request waited for room, in milliseconds.</param>
/// <param name="BudgetUsed">Tokens of its time slice that are used.</param>
/// <param name="Budget">Tokens of its time slice.</param>
/// <param name="Preemptions">Times that it gave its place up in the middle of a turn.</param>
/// <param name="Faults">Faults of its KV and of its context's pages.</param>
/// <param name="Tokens">Tokens computed for it over its life, by turns that were committed.</param>
/// <param name="Turns">Turns committed.</param>
/// <param name="Mailbox">Messages that wait.</param>
/// <param name="Owner">The principal that answers for it.</param>
public sealed record ProcessActivity(
    long Pid,
    long Parent,
    string Kind,
    string Name,
    string Model,
    int Priority,
    string Class,
    string State,
    string WaitsFor,
    int ContextUsed,
    int ContextMax,
    string Kv,
    int Cells,
    double PrefillRate,
    double DecodeRate,
    double FirstTokenMs,
    double QueueMs,
    long BudgetUsed,
    long Budget,
    long Preemptions,
    long Faults,
    long Tokens,
    long Turns,
    int Mailbox,
    string Owner)
{
    /// <summary>Puts it together.</summary>
    /// <param name="process">The process.</param>
    /// <param name="usage">What its KV has come to; null where no engine has any of it.</param>
    public static ProcessActivity Of(ProcessControlBlock process, KvUsage? usage)
    {
        ArgumentNullException.ThrowIfNull(process);
        return new(
            process.Pid,
            process.ParentPid,
            Word(process.Kind),
            process.Name,
            process.Model,
            (process.EffectivePriority ?? process.Priority).Value,
            Word((process.EffectivePriority ?? process.Priority).Class),
            Word(process.State),
            process.State == ProcessState.Blocked ? Word(process.BlockedOn) : "",
            process.Context.CurrentLength,
            process.Context.MaxLength,
            usage is null ? "" : Word(usage.Residency),
            usage?.Cells ?? 0,
            Rate(usage?.ComputedTokens, usage?.PrefillTime),
            Rate(usage?.GeneratedTokens, usage?.DecodeTime),
            Math.Round(usage?.TimeToFirstToken.TotalMilliseconds ?? 0, 1),
            Math.Round(usage?.QueueTime.TotalMilliseconds ?? 0, 1),
            process.Budget.Consumed,
            process.Budget.Allocated,
            usage?.Preemptions ?? 0,
            process.ContextFaults + process.Paging.Faults + (usage?.Faults ?? 0),
            process.PromptTokens + process.CompletionTokens,
            process.Turns,
            process.Waiting,
            process.Owner);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToUpperInvariant();

    private static double Rate(long? tokens, TimeSpan? time) => time is { Ticks: > 0 } spent ? Math.Round((tokens ?? 0) / spent.TotalSeconds, 1) : 0;
}
