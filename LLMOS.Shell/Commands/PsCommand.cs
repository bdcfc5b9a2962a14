using System.CommandLine;
using System.Globalization;
using LLMOS.Client;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>ps</c>: lists processes, those that have ended too: a run's processes end with it, and what they did is asked after.</summary>
internal sealed class PsCommand : ShellCommand
{
    private const int Newest = 50;

    private readonly Option<bool> _all = new("--all", "-a") { Description = $"All there ever were, not the newest {Newest} alone" };
    private readonly Option<bool> _live = new("--live", "-l") { Description = "Only those that have not ended" };
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public PsCommand(ShellContext context)
        : base("ps", "List processes", context)
    {
        Add(_all);
        Add(_live);
        Add(_format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var filter = new ProcessFilter { LiveOnly = parse.GetValue(_live), Limit = parse.GetValue(_all) ? int.MaxValue : Newest };
        var processes = await lease.Client.ListProcessesAsync(filter).WaitAsync(cancellationToken);
        var usage = await lease.Client.GetKvUsageAsync(processes).WaitAsync(cancellationToken);
        var trees = await TreesAsync(processes, lease.Client).WaitAsync(cancellationToken);
        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(parse.GetValue(_format), [.. processes.Select(process => Row(process, usage.GetValueOrDefault(process.Pid), trees.GetValueOrDefault(process.Pid)))], JsonRows.Readable.ListProcessRow));
            return ExitCodes.Success;
        }

        var table = new TextTable().Column("PID", right: true).Column("NAME").Column("STATE").Column("PRIORITY").Column("TOKENS", right: true)
            .Column("BUDGET", right: true).Column("TREE", right: true).Column("TIME", right: true).Column("CONTEXT", right: true).Column("FAULTS", right: true).Column("KV").Column("SHARED", right: true).Column("CACHED", right: true).Column("SWAPS", right: true)
            .Column("PREEMPTED", right: true).Column("MODEL").Column("RUN");
        foreach (var process in processes)
        {
            var kv = usage.GetValueOrDefault(process.Pid);
            table.Row(
                Figures.Count(process.Pid),
                process.Name,
                State(process),
                Priority(process),
                Figures.Count(process.PromptTokens + process.CompletionTokens),
                string.Create(CultureInfo.InvariantCulture, $"{process.Budget.Consumed}/{process.Budget.Allocated}"),
                trees.TryGetValue(process.Pid, out var tree) ? string.Create(CultureInfo.InvariantCulture, $"{tree.Budget.Consumed}/{tree.Budget.Allocated}, {tree.Remaining} left") : "",
                Figures.Duration(process.CpuTime),
                process.Context.MaxLength == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{process.Context.CurrentLength}/{process.Context.MaxLength}"),
                Figures.Count(process.Paging.Faults),
                kv is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{kv.Residency.ToString().ToLowerInvariant()} {kv.Cells}"),
                kv is null ? "-" : Figures.Count(kv.SharedCells),
                kv is null ? "-" : Figures.Count(kv.CachedTokens),
                kv is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{kv.SwapsOut}/{kv.SwapsIn}"),
                kv is null ? "-" : Figures.Count(kv.Preemptions),
                process.Model,
                process.Group);
        }

        table.WriteTo(Context.Console);
        if (processes.Length == Newest && !parse.GetValue(_all))
        {
            await Context.Console.Error.WriteLineAsync($"The newest {Newest}; llmos ps --all lists all.");
        }

        return ExitCodes.Success;
    }

    /// <summary>A priority as listings show it: with the one that it runs at while somebody more urgent waits for it.</summary>
    internal static string Priority(ProcessControlBlock process) =>
        Level(process.Priority) + (process.EffectivePriority is { } lent && lent != process.Priority ? $" > {Level(lent)}" : "");

    private static string Level(ProcessPriority priority) =>
        string.Create(CultureInfo.InvariantCulture, $"{priority.Value} {priority.Class.ToString().ToUpperInvariant()}");

    /// <summary>A state as listings show it: with what a blocked process waits for, and how one ended.</summary>
    internal static string State(ProcessControlBlock process)
    {
        var state = process.State.ToString().ToUpperInvariant();
        return process.State switch
        {
            ProcessState.Blocked => $"{state} {process.BlockedOn.ToString().ToLowerInvariant()}",
            ProcessState.Terminated when process.Exit is { Code: not 0 } exit => $"{state} {exit.Kind.ToString().ToLowerInvariant()}",
            _ => state,
        };
    }

    // What a process and its children have spent of its budget is in its account; one without children has none.
    private static async Task<Dictionary<long, AccountStatement>> TreesAsync(IEnumerable<ProcessControlBlock> processes, LlmosClient client)
    {
        var trees = new Dictionary<long, AccountStatement>();
        foreach (var process in processes.Where(process => process.Account == AccountKey.OfProcess(process.Pid)))
        {
            trees[process.Pid] = await client.GetLimitsAsync(process.Pid);
        }

        return trees;
    }

    private static ProcessRow Row(ProcessControlBlock process, KvUsage? usage, AccountStatement? tree) => new(
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
