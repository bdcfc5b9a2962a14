using System.Collections.Immutable;
using LLMOS.Kernel.Resources;

namespace LLMOS.Kernel.Scheduling;

/// <summary>
/// The run queue of one model. It remembers where the sequences are for as long as the engines do, which is as long as
/// the cluster lives: losing it costs a prefill.
/// </summary>
public sealed class SchedulerGrain(IDeviceMap devices) : Grain, ISchedulerGrain
{
    private readonly ReplicaChoice _choice = new();
    private readonly SortedDictionary<long, RunQueueEntry> _queue = [];

    public Task<int> AssignAsync(long pid, ProcessPriority priority)
    {
        var thinking = new int[Math.Max(1, devices.Devices.Count)];
        foreach (var entry in _queue.Values)
        {
            if (entry.Thinking && entry.Pid != pid && entry.Replica < thinking.Length)
            {
                thinking[entry.Replica]++;
            }
        }

        var known = _queue.GetValueOrDefault(pid);
        var replica = _choice.Choose(thinking, known?.Replica);
        _queue[pid] = new RunQueueEntry(pid, replica, priority, Thinking: true, known?.Tokens ?? 0);
        return Task.FromResult(replica);
    }

    public Task CompleteAsync(long pid, int tokens)
    {
        if (_queue.TryGetValue(pid, out var entry))
        {
            _queue[pid] = entry with { Thinking = false, Tokens = entry.Tokens + tokens };
        }

        return Task.CompletedTask;
    }

    public Task ForgetAsync(long pid)
    {
        _queue.Remove(pid);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<RunQueueEntry>> GetQueueAsync() => Task.FromResult(_queue.Values.ToImmutableArray());
}
