using System.Collections.Immutable;
using LLMOS.Kernel.Resources;
using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Scheduling;

// The replicas: what waits is moved to one with room, one more is opened when there is none, and idle ones are closed.
public sealed partial class SchedulerGrain
{
    private readonly ReplicaBalance _balance = new();

    // When something thought on each open replica last, and what waits there.
    private readonly SortedDictionary<int, (DateTimeOffset LastUse, int Waiting)> _open = [];

    // Who was taken out of a queue, or may be at this moment, and where it is to go.
    private readonly Dictionary<long, int> _moving = [];
    private IGrainTimer? _watch;
    private long _moved;
    private long _opened;
    private long _closed;

    private string Model => this.GetPrimaryKeyString();

    public Task<SchedulerReport> DescribeAsync() => Task.FromResult(new SchedulerReport(
        [
            .. _open.Select(replica => new ReplicaState(
                replica.Key,
                _queue.Values.Count(entry => entry.Thinking && entry.Replica == replica.Key),
                _queue.Values.Count(entry => entry.Replica == replica.Key),
                replica.Value.Waiting)),
        ],
        _moved,
        _opened,
        _closed));

    /// <summary>Something thinks on a replica, or did until now.</summary>
    private void NoteUse(int replica)
    {
        if (!_open.TryGetValue(replica, out var state))
        {
            _opened++;
        }

        _open[replica] = (clock.Now, state.Waiting);
        _watch ??= this.RegisterGrainTimer(SeeToReplicasAsync, new GrainTimerCreationOptions(options.Value.Interval, options.Value.Interval) { KeepAlive = true });
    }

    private async Task SeeToReplicasAsync()
    {
        RequestContext.Clear();
        try
        {
            await MoveWaitingAsync();
            await CloseIdleAsync();
        }
        catch (Exception exception)
        {
            // A silo that is going, or gone: it is looked at again.
            LogNotSeenTo(logger, exception, Model);
        }

        if (_open.Keys.All(replica => replica == 0) && !_queue.Values.Any(entry => entry.Thinking))
        {
            _watch?.Dispose();
            _watch = null;
        }
    }

    private async Task MoveWaitingAsync()
    {
        var loads = new ReplicaLoad[Math.Max(Math.Max(1, devices.Devices.Count), _open.Keys.DefaultIfEmpty().Max() + 1)];
        foreach (var replica in _open.Keys.ToArray())
        {
            var isBusy = _queue.Values.Any(entry => entry.Thinking && entry.Replica == replica);
            var load = isBusy ? await LoadOfAsync(replica) : default(EngineLoad);
            if (load is { } known && _open.TryGetValue(replica, out var state))
            {
                _open[replica] = (isBusy ? clock.Now : state.LastUse, known.Waiting);
                loads[replica] = new ReplicaLoad(known.Active, known.Waiting, IsOpen: true);
            }
            else
            {
                // One that is being loaded takes what it was given and no more.
                loads[replica] = new ReplicaLoad(int.MaxValue / 2, 0, IsOpen: true);
            }
        }

        if (_balance.Plan(loads) is { } move)
        {
            await MoveAsync(move);
        }
    }

    private async Task MoveAsync(ReplicaMove move)
    {
        var candidates = _queue.Values.Where(entry => entry.Thinking && entry.Replica == move.From).Select(entry => entry.Pid).ToImmutableArray();
        foreach (var pid in candidates)
        {
            // Whoever is taken out asks at once where to go.
            _moving[pid] = move.To;
        }

        ImmutableArray<long> withdrawn = [];
        try
        {
            withdrawn = await replicas.WithdrawAsync(Model, move.From, candidates, move.Count);
        }
        finally
        {
            foreach (var pid in candidates.Except(withdrawn))
            {
                _moving.Remove(pid);
            }
        }

        _moved += withdrawn.Length;
        if (withdrawn.Length > 0)
        {
            LogMoved(logger, withdrawn.Length, Model, move.From, move.To);
        }
    }

    private async Task<EngineLoad?> LoadOfAsync(int replica)
    {
        try
        {
            return await replicas.LoadOfAsync(Model, replica);
        }
        catch (Exception exception)
        {
            LogNotSeenTo(logger, exception, Model);
            return null;
        }
    }

    private async Task CloseIdleAsync()
    {
        var now = clock.Now;
        var idle = new TimeSpan?[_open.Keys.DefaultIfEmpty().Max() + 1];
        foreach (var (replica, state) in _open)
        {
            idle[replica] = _queue.Values.Any(entry => entry.Thinking && entry.Replica == replica) || _moving.ContainsValue(replica) ? null : now - state.LastUse;
        }

        foreach (var replica in ReplicaRetirement.Choose(idle, options.Value.CloseAfter).ToArray())
        {
            if (!await replicas.CloseAsync(Model, replica))
            {
                continue;
            }

            _open.Remove(replica);
            _closed++;
            LogClosed(logger, replica, Model);

            // What it held is gone; whoever was there has no place until it thinks again.
            foreach (var entry in _queue.Values.Where(entry => entry.Replica == replica && !entry.Thinking).ToArray())
            {
                _queue.Remove(entry.Pid);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Moved {Count} requests for {Model} that waited on replica {From} to replica {To}")]
    private static partial void LogMoved(ILogger logger, int count, string model, int from, int to);

    [LoggerMessage(Level = LogLevel.Information, Message = "Closed replica {Replica} of {Model}: nobody used it")]
    private static partial void LogClosed(ILogger logger, int replica, string model);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The replicas of {Model} could not all be seen to; they are looked at again.")]
    private static partial void LogNotSeenTo(ILogger logger, Exception exception, string model);
}
