using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Scheduling;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Processes;

/// <summary>A process. The grain's key is its PID.</summary>
[Alias("llmos.IProcessGrain")]
public interface IProcessGrain : IGrainWithIntegerKey
{
    /// <summary>Makes the process. Doing it again with the same spec changes nothing, so that a spawn that crashed can be repeated.</summary>
    [Alias("Start")]
    Task<ProcessControlBlock> StartAsync(ProcessSpec spec);

    /// <exception cref="LlmosException">There is no such process.</exception>
    [Alias("Get"), AlwaysInterleave]
    Task<ProcessControlBlock> GetAsync();

    /// <summary>Ends the process, in the middle of a turn too. Ending one that has ended changes nothing.</summary>
    [Alias("Kill"), AlwaysInterleave]
    Task KillAsync(ExitReason reason);

    /// <summary>Stops it. The turn it was in is undone and starts anew when the process is resumed.</summary>
    [Alias("Suspend"), AlwaysInterleave]
    Task SuspendAsync(string reason);

    [Alias("Resume"), AlwaysInterleave]
    Task ResumeAsync();

    [Alias("SetPriority"), AlwaysInterleave]
    Task SetPriorityAsync(ProcessPriority priority);

    /// <summary>
    /// Gives the process another model, which is loaded first. A turn that is under way is finished on the model it has; the next one runs on the new one, on the same context region, whose
    /// text the new model reads in its own tokens.
    /// </summary>
    /// <returns>The PCB with the new model.</returns>
    /// <exception cref="LlmosException">There is no such model or no room for it, or the process has ended or does not think; then nothing has changed.</exception>
    [Alias("SwapModel"), AlwaysInterleave, ResponseTimeout("00:15:00")]
    Task<ProcessControlBlock> SwapModelAsync(string model);

    /// <summary>Adds a child's PID; called by the process table when a child is spawned.</summary>
    [Alias("AddChild"), AlwaysInterleave]
    Task AddChildAsync(long childPid);

    /// <summary>Sends a message from this process. It returns when the message is in the durable log.</summary>
    /// <returns>The message as it was logged.</returns>
    [Alias("Send"), AlwaysInterleave]
    Task<VmpMessage> SendAsync(OutgoingMessage message);

    /// <summary>
    /// The first message of the mailbox that fits, left where it is; null when none came within the time given.
    /// For processes that run the <see cref="ProcessPrograms.Mailbox"/> program.
    /// </summary>
    [Alias("Peek"), AlwaysInterleave]
    Task<VmpMessage?> PeekAsync(MessageFilter filter, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Takes a message out of the mailbox for good.</summary>
    /// <returns>False when it had been taken before.</returns>
    [Alias("Consume"), AlwaysInterleave]
    Task<bool> ConsumeAsync(Guid messageId);

    /// <summary>The PCB when the process has ended and all that its end entails is done, or as it is after the time given.</summary>
    [Alias("WaitForEnd"), AlwaysInterleave]
    Task<ProcessControlBlock> WaitForEndAsync(TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>What the process shows, from an offset of the running activation on; ends when the process ends.</summary>
    [Alias("Watch"), AlwaysInterleave]
    IAsyncEnumerable<ProcessOutput> WatchAsync(long fromOffset, CancellationToken cancellationToken);
}
