using System.Collections.Immutable;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Messaging;

/// <summary>The multicast groups that have members. One grain, key 0.</summary>
[Alias("llmos.IMulticastDirectoryGrain")]
public interface IMulticastDirectoryGrain : IGrainWithIntegerKey
{
    [Alias("Enter")]
    [Requires(Privileges = Privileges.Administer)]
    Task EnterAsync(string group);

    [Alias("Leave")]
    [Requires(Privileges = Privileges.Administer)]
    Task LeaveAsync(string group);

    /// <summary>Their names, in order.</summary>
    [Alias("List"), AlwaysInterleave]
    [Requires]
    Task<ImmutableArray<string>> ListAsync();
}
