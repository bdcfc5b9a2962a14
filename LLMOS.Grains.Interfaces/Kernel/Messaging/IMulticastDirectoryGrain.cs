using System.Collections.Immutable;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Messaging;

/// <summary>The multicast groups that have members. One grain, key 0.</summary>
[Alias("llmos.IMulticastDirectoryGrain")]
public interface IMulticastDirectoryGrain : IGrainWithIntegerKey
{
    [Alias("Enter")]
    Task EnterAsync(string group);

    [Alias("Leave")]
    Task LeaveAsync(string group);

    /// <summary>Their names, in order.</summary>
    [Alias("List"), AlwaysInterleave]
    Task<ImmutableArray<string>> ListAsync();
}
