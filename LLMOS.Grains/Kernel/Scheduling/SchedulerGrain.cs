using System.Collections.Immutable;
using LLMOS.Kernel.Resources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LLMOS.Kernel.Scheduling;

/// <summary>
/// The run queue of one model. It remembers where the sequences are for as long as the engines do, which is as long as
/// the cluster lives: losing it costs a prefill.
/// </summary>
public sealed partial class SchedulerGrain(
    IDeviceMap devices, IReplicas replicas, IOptions<SchedulingOptions> options, SteadyClock clock, ILogger<SchedulerGrain> logger) : Grain, ISchedulerGrain
{
    private readonly ReplicaChoice _choice = new();
    private readonly SortedDictionary<long, RunQueueEntry> _queue = [];

    // Where sequences were before their processes moved: KV of theirs may still be there.
    private readonly Dictionary<long, SortedSet<int>> _earlier = [];

    public Task<int> AssignAsync(long pid, ProcessPriority priority, ImmutableArray<int> cached)
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
        var replica = _moving.Remove(pid, out var target)
            ? target
            : _choice.Choose(thinking, known?.Replica, cached.IsDefault ? [] : cached.AsSpan());
        if (known is not null && known.Replica != replica)
        {
            if (!_earlier.TryGetValue(pid, out var earlier))
            {
                _earlier[pid] = earlier = [];
            }

            earlier.Add(known.Replica);
        }

        _queue[pid] = new RunQueueEntry(pid, replica, priority, Thinking: true, known?.Tokens ?? 0);
        NoteUse(replica);
        return Task.FromResult(replica);
    }

    public Task<ImmutableArray<int>> GetCandidatesAsync(long pid) => Task.FromResult<ImmutableArray<int>>(
        _queue.ContainsKey(pid) ? [] : [.. _queue.Values.Select(entry => entry.Replica).Distinct().Order()]);

    public Task PlaceAsync(long pid, int replica, ProcessPriority priority)
    {
        _queue.TryAdd(pid, new RunQueueEntry(pid, replica, priority, Thinking: false, Tokens: 0));
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<int>> GetHoldersAsync(long pid)
    {
        var holders = new SortedSet<int>(_earlier.GetValueOrDefault(pid) ?? []);
        if (_queue.TryGetValue(pid, out var entry))
        {
            holders.Add(entry.Replica);
        }

        return Task.FromResult(holders.ToImmutableArray());
    }

    public Task<int?> ReprioritiseAsync(long pid, ProcessPriority priority)
    {
        if (!_queue.TryGetValue(pid, out var entry) || !entry.Thinking)
        {
            return Task.FromResult<int?>(null);
        }

        _queue[pid] = entry with { Priority = priority };
        return Task.FromResult<int?>(entry.Replica);
    }

    public Task CompleteAsync(long pid, int tokens)
    {
        // One that was taken out and given up before it asked where to go goes nowhere; its replica would never be idle.
        _moving.Remove(pid);
        if (_queue.TryGetValue(pid, out var entry))
        {
            _queue[pid] = entry with { Thinking = false, Tokens = entry.Tokens + tokens };
            NoteUse(entry.Replica);
        }

        return Task.CompletedTask;
    }

    public Task ForgetAsync(long pid)
    {
        _queue.Remove(pid);
        _earlier.Remove(pid);
        _moving.Remove(pid);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<RunQueueEntry>> GetQueueAsync() => Task.FromResult(_queue.Values.ToImmutableArray());
}
