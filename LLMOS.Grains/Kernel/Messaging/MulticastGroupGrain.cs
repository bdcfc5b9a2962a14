using System.Collections.Immutable;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

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
        var process = GrainFactory.GetGrain<IProcessGrain>(pid);
        var owner = (await process.GetAsync()).Owner;
        EnsureMayJoin(pid, owner);
        await process.EnterGroupAsync(Name);
        if (Members.Contains(pid))
        {
            return false;
        }

        await Directory.EnterAsync(Name);
        state.State.Owner = Members.Count == 0 ? owner : state.State.Owner;
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

    /// <summary>Members are heard by all of the group: who has no BROADCAST takes no process into one that is another's.</summary>
    private void EnsureMayJoin(long pid, string owner)
    {
        if (Members.Count > 0 && state.State.Owner is { Length: > 0 } founder && founder != owner
            && CallerContext.Behalf is { } caller && !caller.Permissions.HasFlag(Permissions.Broadcast))
        {
            throw LlmosException.Denied($"{caller} may not let process {pid} join the group '{Name}': it is {founder}'s, and joining another's takes the permission BROADCAST.");
        }
    }

    public Task<string> FounderAsync() => Task.FromResult(Members.Count > 0 ? state.State.Owner ?? "" : "");

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
