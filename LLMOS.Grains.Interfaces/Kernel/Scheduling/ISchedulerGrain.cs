using System.Collections.Immutable;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Scheduling;

/// <summary>
/// Decides which replica of a model a process thinks on: the one that holds its sequence, unless another is so much
/// less busy that moving costs less than waiting. What waits on a replica is moved to one with room, a further replica is
/// opened where queues are long and a device is free, and one that was idle for long is closed. One grain for each model;
/// the key is the model's name.
/// </summary>
[Alias("llmos.ISchedulerGrain")]
public interface ISchedulerGrain : IGrainWithStringKey
{
    /// <summary>Gives a process a replica for its turn: the number in the key of an inference grain.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="priority">Its priority.</param>
    /// <param name="cached">For each replica the tokens of its prompt that are cached there, where that was asked; what is missing counts as 0.</param>
    [Alias("Assign"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Argument, Verb = "ask for an engine")]
    Task<int> AssignAsync(long pid, ProcessPriority priority, ImmutableArray<int> cached);

    /// <summary>The replicas that a process without a sequence anywhere could find a prefix on: those that others are on. Empty for one that has a place.</summary>
    [Alias("Candidates"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Argument, Verb = "ask for engines")]
    Task<ImmutableArray<int>> GetCandidatesAsync(long pid);

    /// <summary>Says that a process that has no place yet has its sequence on a replica, such as one that was forked there.</summary>
    [Alias("Place"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task PlaceAsync(long pid, int replica, ProcessPriority priority);

    /// <summary>The replicas that may hold KV of a process: where it is and where it was before.</summary>
    [Alias("Holders"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Argument, Verb = "ask who holds the cache")]
    Task<ImmutableArray<int>> GetHoldersAsync(long pid);

    /// <summary>Notes another priority of a process that thinks.</summary>
    /// <returns>The replica that it thinks on; null when it does not.</returns>
    [Alias("Reprioritise"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<int?> ReprioritiseAsync(long pid, ProcessPriority priority);

    /// <summary>Says that the turn is over.</summary>
    [Alias("Complete"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Argument, Verb = "settle tokens")]
    Task CompleteAsync(long pid, int tokens);

    /// <summary>Says that the process ended; its place on the replica is free.</summary>
    [Alias("Forget"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Argument, Verb = "leave the run queue")]
    Task ForgetAsync(long pid);

    /// <summary>The replicas that are open, and what was moved, opened and closed.</summary>
    [Alias("Describe"), AlwaysInterleave]
    [Requires]
    Task<SchedulerReport> DescribeAsync();

    /// <summary>Who thinks where.</summary>
    [Alias("Queue"), AlwaysInterleave]
    [Requires]
    Task<ImmutableArray<RunQueueEntry>> GetQueueAsync();
}
