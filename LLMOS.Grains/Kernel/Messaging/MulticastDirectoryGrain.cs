using System.Collections.Immutable;

namespace LLMOS.Kernel.Messaging;

/// <summary>The names of the multicast groups that have members.</summary>
public sealed class MulticastDirectoryGrain([PersistentState("multicast-directory")] IPersistentState<MulticastDirectoryRecord> state)
    : Grain, IMulticastDirectoryGrain
{
    public Task EnterAsync(string group) => state.State.Groups.Add(group) ? SaveAsync() : Task.CompletedTask;

    public Task LeaveAsync(string group) => state.State.Groups.Remove(group) ? SaveAsync() : Task.CompletedTask;

    public Task<ImmutableArray<string>> ListAsync() => Task.FromResult(state.State.Groups.Order(StringComparer.Ordinal).ToImmutableArray());

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
