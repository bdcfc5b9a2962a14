using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LLMOS.Agents;
using LLMOS.Kernel.Processes;

namespace LLMOS.Client.Watching;

/// <summary>Watches a run: merges what its members show with the changes of its status, until it has ended.</summary>
internal sealed class RunWatch(IGrainFactory grains, string runId)
{
    /// <summary>How often the status is looked at while the run goes on; its end is told at once.</summary>
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long members that live on after the run are listened to for what they showed before its end.</summary>
    private static readonly TimeSpan TailQuiet = TimeSpan.FromMilliseconds(250);

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
            if (member.Role != WorkflowRoute.User && !_members.ContainsKey(member.Pid))
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

    /// <summary>
    /// What members showed before the run ended and has not been seen yet. A member that ended with the run says so
    /// itself; one that lives on is listened to until it is quiet.
    /// </summary>
    private async IAsyncEnumerable<RunOutput> TailAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var members = Task.WhenAll(_members.Values).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (true)
        {
            var readable = _outputs.Reader.WaitToReadAsync(cancellationToken).AsTask();
            var quiet = Task.Delay(TailQuiet, cancellationToken);
            var first = await Task.WhenAny(readable, members, quiet);
            while (_outputs.Reader.TryRead(out var output))
            {
                yield return output;
            }

            if (first == members || (first == quiet && await AllCaughtUpAsync()))
            {
                while (_outputs.Reader.TryRead(out var output))
                {
                    yield return output;
                }

                yield break;
            }
        }
    }

    /// <summary>Whether no member that is still watched has ended: the end of such a one is yet to come.</summary>
    private async Task<bool> AllCaughtUpAsync()
    {
        foreach (var (pid, watch) in _members)
        {
            if (!watch.IsCompleted && (await grains.GetGrain<IProcessGrain>(pid).GetAsync()).State == ProcessState.Terminated)
            {
                return false;
            }
        }

        return true;
    }
}
