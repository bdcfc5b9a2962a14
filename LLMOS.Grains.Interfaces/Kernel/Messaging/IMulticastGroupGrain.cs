using System.Collections.Immutable;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Messaging;

/// <summary>
/// A multicast group: processes that hear what is sent to its name, which is the grain's key. Membership outlives the
/// silo; a process that ends leaves.
/// </summary>
[Alias("llmos.IMulticastGroupGrain")]
public interface IMulticastGroupGrain : IGrainWithStringKey
{
    /// <summary>Adds a process.</summary>
    /// <returns>False when it was a member.</returns>
    /// <exception cref="LlmosException">The name is none, there is no such process, or it has ended.</exception>
    [Alias("Join")]
    [Requires(Scope = AccessScope.Argument, Syscall = "join", RecordFirst = true)]
    Task<bool> JoinAsync(long pid);

    /// <summary>Removes a process.</summary>
    /// <returns>False when it was no member.</returns>
    [Alias("Leave")]
    [Requires(Scope = AccessScope.Argument, Syscall = "leave", RecordFirst = true)]
    Task<bool> LeaveAsync(long pid);

    /// <summary>The principal whose process came first; empty for a group that nobody joined.</summary>
    [Alias("Founder"), AlwaysInterleave]
    [Requires]
    Task<string> FounderAsync();

    /// <summary>The members' PIDs, ascending; empty for a group that nobody joined.</summary>
    [Alias("Members"), AlwaysInterleave]
    [Requires]
    Task<ImmutableArray<long>> MembersAsync();
}
