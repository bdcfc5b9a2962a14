using System.Diagnostics;
using System.Diagnostics.Metrics;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Kernel.Telemetry;

/// <summary>What the kernel counts, of all silos of this operating-system process.</summary>
internal static class KernelMetrics
{
    private const string Processes = "{process}";
    private const string Messages = "{message}";

    private static readonly ObservedCounter SpawnedProcesses = new(MetricNames.ProcessesSpawned, Processes, "Processes that were started.", MetricNames.Kind, NamesOf<ProcessKind>());
    private static readonly ObservedCounter EndedProcesses = new(MetricNames.ProcessesEnded, Processes, "Processes that ended, by how they came to it.", MetricNames.Reason, NamesOf<ExitKind>());
    private static readonly ObservedCounter SentMessages = new(MetricNames.MessagesSent, Messages, "Messages that were sent; one to a group counts once.", MetricNames.Type, NamesOf<VmpMessageType>());
    private static readonly ObservedCounter AcknowledgedMessages = new(MetricNames.MessagesAcknowledged, Messages, "Messages whose handling was acknowledged to their senders.");
    private static readonly ObservedCounter RetriedMessages = new(MetricNames.MessagesRetried, Messages, "Attempts at messages that met a passing fault and are made again.");
    private static readonly ObservedCounter DeadMessages = new(MetricNames.MessagesDead, Messages, "Messages that will never be handled.", MetricNames.Reason, ["expired", "dropped"]);
    private static readonly ObservedCounter RefusedBudgets = new(MetricNames.BudgetRefused, "{turn}", "Turns that a limit of tokens did not let think, by whose limit it was.", MetricNames.Reason, NamesOf<BudgetLimit>());
    private static readonly ObservedCounter WaitsForBudget = new(MetricNames.BudgetWaits, "{wait}", "Times that a turn waited for the next slice of a budget.");
    private static readonly Histogram<double> Turns = LlmosTelemetry.Meter.CreateHistogram(MetricNames.TurnDuration, "s", "A turn of a process, from its message to its commit.", tags: null, GenAiNames.DurationBuckets);
    private static readonly Histogram<double> Syscalls = LlmosTelemetry.Meter.CreateHistogram(MetricNames.SyscallDuration, "s", "A syscall, with the recording of it.", tags: null, GenAiNames.FirstTokenBuckets);

    public static void Spawned(ProcessKind kind) => SpawnedProcesses.Add((int)kind);

    public static void Ended(ExitKind kind) => EndedProcesses.Add((int)kind);

    public static void Sent(VmpMessageType type) => SentMessages.Add((int)type);

    public static void Acknowledged() => AcknowledgedMessages.Add();

    public static void Retried() => RetriedMessages.Add();

    public static void Dead(DeliveryState state, int count = 1) => DeadMessages.Add(state == DeliveryState.Expired ? 0 : 1, count);

    public static void RefusedBudget(BudgetLimit limit) => RefusedBudgets.Add((int)limit);

    public static void WaitedForBudget() => WaitsForBudget.Add();

    public static void Turn(string program, string result, long began) => Turns.Record(
        Stopwatch.GetElapsedTime(began).TotalSeconds,
        new KeyValuePair<string, object?>(MetricNames.Program, program),
        new KeyValuePair<string, object?>(MetricNames.Result, result));

    /// <param name="syscall">Its name; what is none of the catalog's is counted as <c>unknown</c>.</param>
    /// <param name="error">How it failed; null when it did not.</param>
    /// <param name="began">When it began, in ticks of <see cref="Stopwatch"/>.</param>
    public static void Syscall(string syscall, Exception? error, long began) => Syscalls.Record(
        Stopwatch.GetElapsedTime(began).TotalSeconds,
        new KeyValuePair<string, object?>(MetricNames.Syscall, syscall),
        new KeyValuePair<string, object?>(MetricNames.Result, error is null ? MetricNames.Ok : ErrorType(error)));

    /// <summary>The kind of an error as a tag has it: its code, or for what is none of the system's own the type's name.</summary>
    public static string ErrorType(Exception error) => error switch
    {
        LlmosException known => known.Code.ToString(),
        OperationCanceledException => "Cancelled",
        _ => error.GetType().Name,
    };

    private static IEnumerable<string> NamesOf<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(name => name.ToLowerInvariant());
}
