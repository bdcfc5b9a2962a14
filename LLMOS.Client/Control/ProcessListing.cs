using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;

namespace LLMOS.Client.Control;

/// <summary>What <c>ps</c> shows: the view <see cref="Method"/> of the control socket, and the same for a client of the cluster.</summary>
/// <param name="Processes">The newest processes, in the order of their PIDs.</param>
/// <param name="Failures">How processes ended that ended with another exit code than 0, by PID: the kind, such as KILL.</param>
public sealed record ProcessListing(IReadOnlyList<ProcessRow> Processes, IReadOnlyDictionary<long, string> Failures)
{
    /// <summary>The method of the control socket. Its parameters are <c>liveOnly</c> and <c>limit</c>; its result is this record.</summary>
    public const string Method = "view/ps";

    /// <summary>Reads it from the system.</summary>
    /// <param name="client">The system.</param>
    /// <param name="liveOnly">Whether those that have ended are left out.</param>
    /// <param name="limit">How many at most, the newest of them.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <exception cref="LlmosException">The caller may not see them.</exception>
    public static async Task<ProcessListing> ReadAsync(LlmosClient client, bool liveOnly, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var processes = await client.ListProcessesAsync(new ProcessFilter { LiveOnly = liveOnly, Limit = limit }).WaitAsync(cancellationToken);
        var usage = await client.GetKvUsageAsync(processes).WaitAsync(cancellationToken);
        var rows = new List<ProcessRow>(processes.Length);
        var failures = new Dictionary<long, string>();
        foreach (var process in processes)
        {
            rows.Add(ProcessRow.Of(process, usage.GetValueOrDefault(process.Pid), await TreeAsync(client, process).WaitAsync(cancellationToken)));
            if (process is { State: ProcessState.Terminated, Exit: { Code: not 0 } exit })
            {
                failures[process.Pid] = exit.Kind.ToString().ToUpperInvariant();
            }
        }

        return new ProcessListing(rows, failures);
    }

    /// <summary>The result of the view.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, ControlJson.Default.ProcessListing)!.AsObject();

    // What a process and its children have spent of its budget is in its account; one without children has none.
    private static async Task<AccountStatement?> TreeAsync(LlmosClient client, ProcessControlBlock process) =>
        process.Account == AccountKey.OfProcess(process.Pid) ? await client.GetLimitsAsync(process.Pid) : null;
}
