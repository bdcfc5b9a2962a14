using System.Collections.Immutable;
using LLMOS.Agents;
using LLMOS.Client.Watching;

namespace LLMOS.Client;

/// <summary>Runs of workflows.</summary>
public sealed partial class LlmosClient
{
    /// <summary>Runs whose state is asked for at the same time.</summary>
    private const int ConcurrentReads = 16;

    /// <summary>Starts a run. It returns once everything needed to finish the run is durable.</summary>
    /// <param name="request">The template and what the user asks for.</param>
    /// <param name="runId">The run's id, for a caller that has to know it before the run is durable; null for a new one.</param>
    /// <exception cref="LlmosException">The template or the request is wrong, or a run with this id exists.</exception>
    public Task<RunSnapshot> StartRunAsync(RunRequest request, string? runId = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Run(runId ?? RunIds.Create(request.Request)).StartAsync(request);
    }

    /// <summary>Goes on with a run that was interrupted. A run that goes on already, or has ended, is left alone.</summary>
    /// <exception cref="LlmosException">There is no such run.</exception>
    public Task<RunSnapshot> ResumeRunAsync(string runId) => Run(runId).ResumeAsync();

    /// <summary>Stops a run where it is, so that it can be resumed.</summary>
    public Task InterruptRunAsync(string runId) => Run(runId).InterruptAsync();

    /// <summary>Ends a run and its processes for good.</summary>
    public Task CancelRunAsync(string runId, string reason = "cancelled by the user") => Run(runId).CancelAsync(reason);

    /// <exception cref="LlmosException">There is no such run.</exception>
    public Task<RunSnapshot> GetRunAsync(string runId) => Run(runId).GetAsync();

    /// <summary>All runs there were, oldest first.</summary>
    public async Task<ImmutableArray<RunSnapshot>> ListRunsAsync(CancellationToken cancellationToken = default)
    {
        var ids = await Grains.GetGrain<IAgentGroupDirectoryGrain>(0).ListAsync();
        var runs = new RunSnapshot?[ids.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConcurrentReads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, ids.Length, options, async (i, _) =>
        {
            try
            {
                runs[i] = await GetRunAsync(ids[i]);
            }
            catch (LlmosException missing) when (missing.Code == LlmosErrorCode.NotFound)
            {
                // It was entered, and its silo went down before it was made: there is nothing to show of it.
            }
        });
        return [.. runs.OfType<RunSnapshot>()];
    }

    /// <summary>
    /// What happens in a run: what its members show, with their PIDs and roles, and the changes of its status. Ends when
    /// the run has ended; the last event is then a <see cref="RunStatusChange"/> with the result.
    /// </summary>
    /// <remarks>
    /// A watcher may attach late: it begins with what the members showed lately. The text of a committed turn is shown
    /// once, and all that was shown before the run ended comes before the last event.
    /// </remarks>
    /// <exception cref="LlmosException">There is no such run, or it stayed out of reach for a minute.</exception>
    public IAsyncEnumerable<RunEvent> WatchRunAsync(string runId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        return new RunWatch(Grains, runId).WatchAsync(cancellationToken);
    }

    private IAgentGroupGrain Run(string runId)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        return Grains.GetGrain<IAgentGroupGrain>(runId);
    }
}
