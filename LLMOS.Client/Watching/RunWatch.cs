using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LLMOS.Agents;

namespace LLMOS.Client.Watching;

/// <summary>Watches a run: merges what its members show with the changes of its status, until it has ended.</summary>
internal sealed class RunWatch(IGrainFactory grains, string runId)
{
    /// <summary>How often the status is looked at while the run goes on; its end is told at once.</summary>
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a member may be quiet after the run's end before its own end is no longer waited for.</summary>
    private static readonly TimeSpan TailQuiet = TimeSpan.FromSeconds(5);

    private readonly Channel<RunOutput> _outputs = Channel.CreateBounded<RunOutput>(
        new BoundedChannelOptions(1_024) { SingleReader = true });

    private readonly Dictionary<long, Task> _members = [];

    public async IAsyncEnumerable<RunEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var group = grains.GetGrain<IAgentGroupGrain>(runId);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var run = await group.GetAsync();
            if (!run.HasEnded)
            {
                yield return new RunStatusChange(run);
            }

            Attach(run, watching.Token);
            while (!run.HasEnded)
            {
                var next = NextAsync(group, watching.Token);
                while (!next.IsCompleted)
                {
                    var readable = _outputs.Reader.WaitToReadAsync(watching.Token).AsTask();
                    await Task.WhenAny(next, readable);
                    while (_outputs.Reader.TryRead(out var output))
                    {
                        yield return output;
                    }

                    cancellationToken.ThrowIfCancellationRequested();
                    await FailedMemberAsync();
                }

                var before = run.Status;
                run = await next;
                Attach(run, watching.Token);
                if (run.Status != before && !run.HasEnded)
                {
                    yield return new RunStatusChange(run);
                }
            }

            await foreach (var output in TailAsync(watching.Token))
            {
                yield return output;
            }

            yield return new RunStatusChange(run);
        }
        finally
        {
            await watching.CancelAsync();
            await Task.WhenAll(_members.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<RunSnapshot> NextAsync(IAgentGroupGrain group, CancellationToken cancellationToken)
    {
        var reach = new Reach();
        while (true)
        {
            try
            {
                return await group.WaitForEndAsync(StatusInterval, cancellationToken);
            }
            catch (Exception lost) when (Reach.IsLoss(lost) && !cancellationToken.IsCancellationRequested)
            {
                await reach.WaitAsync($"Run {runId}", lost, cancellationToken);
            }
        }
    }

    private void Attach(RunSnapshot run, CancellationToken cancellationToken)
    {
        foreach (var member in run.Members)
        {
            if (!_members.ContainsKey(member.Pid))
            {
                _members.Add(member.Pid, ForwardAsync(member, cancellationToken));
            }
        }
    }

    private async Task ForwardAsync(RunMember member, CancellationToken cancellationToken)
    {
        await foreach (var output in new ProcessWatch(grains, member.Pid).WatchAsync(cancellationToken))
        {
            await _outputs.Writer.WriteAsync(new RunOutput(member.Role, member.Pid, output), cancellationToken);
        }
    }

    /// <summary>Throws what a member's watch failed with.</summary>
    private async Task FailedMemberAsync()
    {
        foreach (var member in _members.Values)
        {
            if (member.IsFaulted)
            {
                await member;
            }
        }
    }

    /// <summary>What members showed before the run ended and has not been seen yet. They end with the run, and say so themselves.</summary>
    private async IAsyncEnumerable<RunOutput> TailAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var members = Task.WhenAll(_members.Values).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (true)
        {
            var readable = _outputs.Reader.WaitToReadAsync(cancellationToken).AsTask();
            var first = await Task.WhenAny(readable, members, Task.Delay(TailQuiet, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            while (_outputs.Reader.TryRead(out var output))
            {
                yield return output;
            }

            if (first != readable)
            {
                yield break;
            }
        }
    }
}
