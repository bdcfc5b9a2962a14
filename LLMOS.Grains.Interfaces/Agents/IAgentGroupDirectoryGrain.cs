using System.Collections.Immutable;

namespace LLMOS.Agents;

/// <summary>Knows every run there was. One grain, key 0.</summary>
[Alias("llmos.IAgentGroupDirectoryGrain")]
public interface IAgentGroupDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Enters a run before it starts, so that one that crashes in its start is found.</summary>
    [Alias("Enter")]
    Task EnterAsync(string runId);

    /// <summary>Takes note that a run has ended.</summary>
    [Alias("Leave")]
    Task LeaveAsync(string runId);

    /// <summary>Runs that have not ended, oldest first.</summary>
    [Alias("Unfinished")]
    Task<ImmutableArray<string>> UnfinishedAsync();

    /// <summary>All runs, oldest first.</summary>
    [Alias("List")]
    Task<ImmutableArray<string>> ListAsync();
}
