using System.Collections.Immutable;

namespace LLMOS.Agents;

/// <summary>The directory of runs.</summary>
public sealed class AgentGroupDirectoryGrain(
    [PersistentState("agent-group-directory")] IPersistentState<AgentGroupDirectoryRecord> state) : Grain, IAgentGroupDirectoryGrain
{
    public async Task EnterAsync(string runId)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        if (state.State.Unfinished.Add(runId))
        {
            state.State.Runs.Add(runId);
            await SaveAsync();
        }
    }

    public Task LeaveAsync(string runId) => state.State.Unfinished.Remove(runId) ? SaveAsync() : Task.CompletedTask;

    public Task<ImmutableArray<string>> UnfinishedAsync() =>
        Task.FromResult(state.State.Runs.Where(state.State.Unfinished.Contains).ToImmutableArray());

    public Task<ImmutableArray<string>> ListAsync() => Task.FromResult(state.State.Runs.ToImmutableArray());

    private async Task SaveAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
