namespace LLMOS.Shell.Output;

/// <summary>A process, as <c>ps -o json</c> lists it.</summary>
internal sealed record ProcessRow(
    long Pid,
    string Name,
    string Kind,
    string State,
    string? BlockedOn,
    int Priority,
    string PriorityClass,
    string Program,
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
    string Account,
    long? TreeAllocated,
    long? TreeConsumed,
    long? TreeRemaining);
