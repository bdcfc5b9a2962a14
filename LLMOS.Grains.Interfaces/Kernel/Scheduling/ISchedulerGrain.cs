using System.Collections.Immutable;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Scheduling;

/// <summary>
/// Decides which replica of a model a process thinks on: the one that holds its sequence, unless another is so much
/// less busy that moving costs less than waiting. One grain for each model; the key is the model's name.
/// </summary>
[Alias("llmos.ISchedulerGrain")]
public interface ISchedulerGrain : IGrainWithStringKey
{
    /// <summary>Gives a process a replica for its turn: the number in the key of an inference grain.</summary>
    [Alias("Assign"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Argument)]
    Task<int> AssignAsync(long pid, ProcessPriority priority);

    /// <summary>Says that the turn is over.</summary>
    [Alias("Complete"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Argument)]
    Task CompleteAsync(long pid, int tokens);

    /// <summary>Says that the process ended; its place on the replica is free.</summary>
    [Alias("Forget"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Argument)]
    Task ForgetAsync(long pid);

    /// <summary>Who thinks where.</summary>
    [Alias("Queue"), AlwaysInterleave]
    [Requires]
    Task<ImmutableArray<RunQueueEntry>> GetQueueAsync();
}
