using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Client;

/// <summary>What engines hold of processes.</summary>
public sealed partial class LlmosClient
{
    /// <summary>
    /// What the KV of processes has come to, by PID, as the replicas say on which they thought last. A process that holds nothing anywhere is left out,
    /// and so is one whose replica is out of reach; nothing is loaded to find out.
    /// </summary>
    public async Task<IReadOnlyDictionary<long, KvUsage>> GetKvUsageAsync(IEnumerable<ProcessControlBlock> processes)
    {
        ArgumentNullException.ThrowIfNull(processes);
        var usage = new Dictionary<long, KvUsage>();
        var living = processes.Where(process => process is { State: not ProcessState.Terminated, Program: ProcessPrograms.Agent or ProcessPrograms.Actor or ProcessPrograms.Completion });
        foreach (var model in living.GroupBy(process => process.RequestedModel.Length > 0 ? process.RequestedModel : InferenceKeys.DefaultModel))
        {
            var pids = model.Select(process => process.Pid).ToHashSet();
            var queue = await Grains.GetGrain<ISchedulerGrain>(model.Key).GetQueueAsync();
            foreach (var replica in queue.Where(entry => pids.Contains(entry.Pid)).GroupBy(entry => entry.Replica))
            {
                foreach (var found in await DescribeAsync(InferenceKeys.Create(model.Key, replica.Key), replica))
                {
                    usage[found.Pid] = found;
                }
            }
        }

        return usage;
    }

    private async Task<IReadOnlyList<KvUsage>> DescribeAsync(string replica, IEnumerable<RunQueueEntry> entries)
    {
        try
        {
            return await Grains.GetGrain<IInferenceGrain>(replica).DescribeAsync([.. entries.Select(entry => entry.Pid)]);
        }
        catch (Exception exception) when (exception is LlmosException or OrleansException or TimeoutException)
        {
            // What was there is lost with it.
            return [];
        }
    }
}
