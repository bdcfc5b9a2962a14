using System.Collections.Immutable;
using LLMOS.Kernel.Processes;

namespace LLMOS.Kernel.Messaging;

/// <summary>
/// A multicast group. The process is told first and then written here, so that one that ends knows every group it may be
/// a member of.
/// </summary>
public sealed class MulticastGroupGrain([PersistentState("multicast-group")] IPersistentState<MulticastGroupRecord> state)
    : Grain, IMulticastGroupGrain
{
    private string Name => this.GetPrimaryKeyString();

    private SortedSet<long> Members => state.State.Members;

    public async Task<bool> JoinAsync(long pid)
    {
        MessageRules.ValidateGroup(Name);
        await GrainFactory.GetGrain<IProcessGrain>(pid).EnterGroupAsync(Name);
        if (Members.Contains(pid))
        {
            return false;
        }

        await Directory.EnterAsync(Name);
        Members.Add(pid);
        await SaveAsync();
        return true;
    }

    public async Task<bool> LeaveAsync(long pid)
    {
        if (!Members.Remove(pid))
        {
            return false;
        }

        await SaveAsync();
        if (Members.Count == 0)
        {
            await Directory.LeaveAsync(Name);
        }

        return true;
    }

    public Task<ImmutableArray<long>> MembersAsync() => Task.FromResult(Members.ToImmutableArray());

    private IMulticastDirectoryGrain Directory => GrainFactory.GetGrain<IMulticastDirectoryGrain>(0);

    private async Task SaveAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // What memory has and the store has not must not be acted on.
            DeactivateOnIdle();
            throw;
        }
    }
}
