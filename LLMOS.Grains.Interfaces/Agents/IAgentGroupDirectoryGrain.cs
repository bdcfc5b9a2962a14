using System.Collections.Immutable;
using LLMOS.Kernel.Security;

namespace LLMOS.Agents;

/// <summary>Knows every run there was. One grain, key 0.</summary>
[Alias("llmos.IAgentGroupDirectoryGrain")]
public interface IAgentGroupDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Enters a run before it starts, so that one that crashes in its start is found.</summary>
    [Alias("Enter")]
    [Requires(Privileges = Privileges.Administer)]
    Task EnterAsync(string runId);

    /// <summary>Takes note that a run has ended.</summary>
    [Alias("Leave")]
    [Requires(Privileges = Privileges.Administer)]
    Task LeaveAsync(string runId);

    /// <summary>Runs that have not ended, oldest first.</summary>
    [Alias("Unfinished")]
    [Requires]
    Task<ImmutableArray<string>> UnfinishedAsync();

    /// <summary>All runs, oldest first.</summary>
    [Alias("List")]
    [Requires]
    Task<ImmutableArray<string>> ListAsync();
}
