using System.CommandLine;
using System.Globalization;
using LLMOS.Client.Control;
using LLMOS.Kernel.Processes;
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
        var limit = parse.GetValue(_all) ? int.MaxValue : Newest;
        var listing = Ask(parse, limit, cancellationToken) ?? await ReadAsync(parse, limit, cancellationToken);
        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(parse.GetValue(_format), [.. listing.Processes], JsonRows.Readable.ListProcessRow));
            return ExitCodes.Success;
        }

        var table = new TextTable().Column("PID", right: true).Column("NAME").Column("STATE").Column("PRIORITY").Column("TOKENS", right: true)
            .Column("BUDGET", right: true).Column("TREE", right: true).Column("TIME", right: true).Column("CONTEXT", right: true).Column("FAULTS", right: true).Column("KV").Column("SHARED", right: true).Column("CACHED", right: true).Column("SWAPS", right: true)
            .Column("PREEMPTED", right: true).Column("MODEL").Column("RUN");
        foreach (var row in listing.Processes)
        {
            table.Row(
                Figures.Count(row.Pid),
                row.Name,
                State(row.State, row.BlockedOn ?? listing.Failures.GetValueOrDefault(row.Pid)),
                Priority(row),
                Figures.Count(row.PromptTokens + row.CompletionTokens),
                string.Create(CultureInfo.InvariantCulture, $"{row.BudgetConsumed}/{row.BudgetAllocated}"),
                row.TreeAllocated is { } allocated ? string.Create(CultureInfo.InvariantCulture, $"{row.TreeConsumed}/{allocated}, {row.TreeRemaining} left") : "",
                Figures.Duration(TimeSpan.FromMilliseconds(row.CpuTimeMs)),
                row.ContextMax == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{row.ContextTokens}/{row.ContextMax}"),
                Figures.Count(row.Paging.Faults),
                row.Kv is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{row.Kv.Residency.ToLowerInvariant()} {row.Kv.Cells}"),
                row.Kv is null ? "-" : Figures.Count(row.Kv.SharedCells),
                row.Kv is null ? "-" : Figures.Count(row.Kv.CachedTokens),
                row.Kv is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{row.Kv.SwapsOut}/{row.Kv.SwapsIn}"),
                row.Kv is null ? "-" : Figures.Count(row.Kv.Preemptions),
                row.Model,
                row.Run);
        }

        table.WriteTo(Context.Console);
        if (listing.Processes.Count == Newest && !parse.GetValue(_all))
        {
            await Context.Console.Error.WriteLineAsync($"The newest {Newest}; llmos ps --all lists all.");
        }

        return ExitCodes.Success;
    }

    /// <summary>A state as listings show it: with what a blocked process waits for, and how one ended.</summary>
    internal static string State(ProcessControlBlock process) => State(
        process.State.ToString().ToUpperInvariant(),
        process.State switch
        {
            ProcessState.Blocked => process.BlockedOn.ToString(),
            ProcessState.Terminated when process.Exit is { Code: not 0 } exit => exit.Kind.ToString(),
            _ => null,
        });

    private static string State(string state, string? reason) => reason is null ? state : $"{state} {reason.ToLowerInvariant()}";

    /// <summary>A priority as listings show it: with the one that it runs at while somebody more urgent waits for it.</summary>
    private static string Priority(ProcessRow row) =>
        Level(row.Priority, row.PriorityClass)
        + (row.EffectivePriority != row.Priority ? $" > {Level(row.EffectivePriority, new ProcessPriority(row.EffectivePriority).Class.ToString().ToUpperInvariant())}" : "");

    private static string Level(int priority, string priorityClass) => string.Create(CultureInfo.InvariantCulture, $"{priority} {priorityClass}");

    /// <summary>Asks on the control socket of the data folder, where a silo holds that; null where nobody answers there.</summary>
    private ProcessListing? Ask(ParseResult parse, int limit, CancellationToken cancellationToken) =>
        Context.FindFolder(parse) is { } folder ? ControlClient.ListProcesses(folder, parse.GetValue(_live), limit, cancellationToken) : null;

    // Apart from the rest, so that a command whose answer comes over the control socket loads nothing that a session needs.
    private async Task<ProcessListing> ReadAsync(ParseResult parse, int limit, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        return await ProcessListing.ReadAsync(lease.Client, parse.GetValue(_live), limit, cancellationToken);
    }
}
