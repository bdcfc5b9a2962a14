using System.Collections.Immutable;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Agents;

/// <summary>
/// A group of agents that work on one thing: here, a run of a workflow. It makes the processes and their shared
/// region, sends the first message, and keeps the result. The grain's key is the run's id.
/// </summary>
[Alias("llmos.IAgentGroupGrain")]
public interface IAgentGroupGrain : IGrainWithStringKey
{
    /// <summary>Starts the run. It returns once everything needed to finish it is durable.</summary>
    /// <exception cref="LlmosException">The template or the request is wrong, or the run exists.</exception>
    [Alias("Start")]
    [Requires(Permissions.SpawnAgent, Syscall = "run", RecordFirst = true)]
    Task<RunSnapshot> StartAsync(RunRequest request);

    /// <summary>Goes on with a run that was interrupted, in its start too. A run that goes on already is left alone.</summary>
    [Alias("Resume")]
    [Requires(Permissions.SpawnAgent, Scope = AccessScope.Target, Syscall = "run", RecordFirst = true)]
    Task<RunSnapshot> ResumeAsync();

    /// <summary>Stops the run where it is, so that it can be resumed.</summary>
    [Alias("Interrupt")]
    [Requires(Permissions.SpawnAgent, Scope = AccessScope.Target, Syscall = "run", RecordFirst = true)]
    Task InterruptAsync();

    /// <summary>Ends the run and its processes.</summary>
    [Alias("Cancel")]
    [Requires(Permissions.SpawnAgent, Scope = AccessScope.Target, Syscall = "run", RecordFirst = true)]
    Task CancelAsync(string reason);

    /// <summary>Takes the result; called by the user's end of the workflow. Doing it again changes nothing.</summary>
    [Alias("Complete")]
    [Requires(Scope = AccessScope.Target, Verb = "report to a run")]
    Task CompleteAsync(VmpMessage result);

    /// <summary>Takes note that a member cannot go on; the run fails with it.</summary>
    [Alias("Fail"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Verb = "report to a run")]
    Task FailAsync(long pid, string reason);

    /// <exception cref="LlmosException">There is no such run.</exception>
    [Alias("Get"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Verb = "see a run")]
    Task<RunSnapshot> GetAsync();

    /// <summary>What its processes need to know: the template, who plays which role, and where they share.</summary>
    /// <exception cref="LlmosException">There is no such run.</exception>
    [Alias("Plan"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Verb = "see a run")]
    Task<RunPlan> GetPlanAsync();

    /// <summary>The snapshot when the run and all of its processes have ended, or as it is after the time given.</summary>
    [Alias("WaitForEnd"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Verb = "wait for a run")]
    Task<RunSnapshot> WaitForEndAsync(TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Sends a message to every member but the sender. Each copy is durable before it returns.</summary>
    [Alias("Multicast"), AlwaysInterleave]
    [Requires(Permissions.Broadcast, Scope = AccessScope.Target, Syscall = "broadcast")]
    Task<ImmutableArray<VmpMessage>> MulticastAsync(long from, string payload);
}
