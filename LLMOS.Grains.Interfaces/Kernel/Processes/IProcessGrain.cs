using System.Collections.Immutable;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Processes;

/// <summary>A process. The grain's key is its PID.</summary>
[Alias("llmos.IProcessGrain")]
public interface IProcessGrain : IGrainWithIntegerKey
{
    /// <summary>Makes the process. Doing it again with the same spec changes nothing, so that a spawn that crashed can be repeated.</summary>
    [Alias("Start")]
    [Requires(Privileges = Privileges.Administer, Syscall = "spawn", RecordFirst = true)]
    Task<ProcessControlBlock> StartAsync(ProcessSpec spec);

    /// <exception cref="LlmosException">There is no such process.</exception>
    [Alias("Get"), AlwaysInterleave]
    [Requires]
    Task<ProcessControlBlock> GetAsync();

    /// <summary>Ends the process, in the middle of a turn too; its children become init's. Ending one that has ended changes nothing.</summary>
    [Alias("Kill"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Syscall = "kill", RecordFirst = true)]
    Task KillAsync(ExitReason reason);

    /// <summary>Stops it. The turn it was in is undone and starts anew when the process is resumed.</summary>
    [Alias("Suspend"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Syscall = "suspend", RecordFirst = true)]
    Task SuspendAsync(string reason);

    /// <summary>Lets a suspended process go on, and one start that waits for others which did not end well.</summary>
    [Alias("Resume"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Syscall = "resume", RecordFirst = true)]
    Task ResumeAsync();

    /// <summary>Sets its priority. Only those who manage processes may raise it.</summary>
    [Alias("SetPriority"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Syscall = "setpriority", RecordFirst = true)]
    Task SetPriorityAsync(ProcessPriority priority);

    /// <summary>Adds to its priority, within the scale: more is less urgent. Only those who manage processes may make it more urgent.</summary>
    /// <returns>The priority that it has then.</returns>
    [Alias("Nice"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Syscall = "nice", RecordFirst = true)]
    Task<ProcessPriority> NiceAsync(int delta);

    /// <summary>Sets a limit (<c>setrlimit</c>). Only those who manage processes may raise one.</summary>
    /// <exception cref="LlmosException">The limit cannot have this value, or the caller may not.</exception>
    [Alias("SetOwnLimit"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Syscall = "setrlimit", RecordFirst = true)]
    Task<AccountStatement> SetLimitAsync(ResourceLimit limit, double value);

    /// <summary>
    /// Takes permissions away from it and from all that descends from it, for good. A turn that reads or writes context
    /// and may not any more is stopped at once, and so is what the process watches.
    /// </summary>
    /// <returns>The permissions that it still has.</returns>
    [Alias("Revoke"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Syscall = "revoke", RecordFirst = true)]
    Task<Permissions> RevokeAsync(Permissions permissions);

    /// <summary>The same on behalf of somebody: oneself and one's descendants may be made less urgent, all else takes SUDO.</summary>
    /// <exception cref="LlmosException">The caller may not.</exception>
    [Alias("SetPriorityAs"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task SetPriorityAsync(ProcessPriority priority, LimitCaller caller);

    /// <summary>The process's limits and what it and its children have used of them (<c>getrlimit</c>).</summary>
    [Alias("GetLimits"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Syscall = "getrlimit")]
    Task<AccountStatement> GetLimitsAsync();

    /// <summary>The same on behalf of somebody: oneself and one's descendants may be limited more, all else takes SUDO.</summary>
    /// <exception cref="LlmosException">The value is wrong, or the caller may not.</exception>
    [Alias("SetLimit"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Privileges = Privileges.ManageProcesses, Syscall = "setrlimit", RecordFirst = true)]
    Task<AccountStatement> SetLimitAsync(ResourceLimit limit, double value, LimitCaller caller);

    /// <summary>Gives the process an account of its own; called by that account when it is first used.</summary>
    [Alias("OpenAccount"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<AccountOpening> OpenAccountAsync();

    /// <summary>What the process has spent; asked by an account that has lost sight of a lease.</summary>
    [Alias("ReadMeter"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<ProcessMeter> ReadMeterAsync();

    /// <summary>Ends the process and all that descend from it.</summary>
    [Alias("KillTree"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Syscall = "kill", RecordFirst = true)]
    Task KillTreeAsync(ExitReason reason);

    /// <summary>Makes init the parent of a process whose parent has ended; called by that parent.</summary>
    [Alias("Adopt"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task AdoptAsync(long formerParent);

    /// <summary>Takes a child that has ended out of the children; called by the child.</summary>
    [Alias("ChildEnded"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task ChildEndedAsync(long childPid);

    /// <summary>Notes that a process waits for the end of this one; called by that process.</summary>
    /// <returns>The PCB: whether it has ended already.</returns>
    [Alias("AddDependent"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<ProcessControlBlock> AddDependentAsync(long pid);

    /// <summary>Says that a process this one may wait for has ended.</summary>
    [Alias("DependencyEnded"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task DependencyEndedAsync(long pid, ExitReason exit);

    /// <summary>
    /// Waits for the end of another process in the place of this one, which is known to wait then: it lends the other its
    /// priority.
    /// </summary>
    /// <param name="pid">Whose end.</param>
    /// <param name="inTurn">Whether its own turn waits, so that it is BLOCKED meanwhile.</param>
    /// <param name="wait">How long at most.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The other's PCB when it has ended, or as it is after the time given.</returns>
    /// <exception cref="LlmosException">There is no such process, or it waits for this one itself (<see cref="LlmosErrorCode.Deadlock"/>).</exception>
    [Alias("WaitFor"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Target, Verb = "wait")]
    Task<ProcessControlBlock> WaitForAsync(long pid, bool inTurn, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Says that another process waits for this one, and lends it that one's priority; called along the waits of processes.</summary>
    [Alias("Probe"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<WaitReply> ProbeAsync(WaitProbe probe);

    /// <summary>Says that a wait for this process is over; called by the one that waited.</summary>
    [Alias("WaitEnded"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task WaitEndedAsync(Guid waitId);

    /// <summary>Whether the process still waits, and does nothing else.</summary>
    [Alias("StillWaits"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<bool> StillWaitsAsync(Guid waitId);

    /// <summary>Gives up a wait of this process that is part of a deadlock; one that is over stays over.</summary>
    /// <param name="waitId">The wait.</param>
    /// <param name="circle">The deadlock, as <c>7 (alice) waits for 9 (bob), which waits for 7 (alice)</c>.</param>
    [Alias("GiveUp"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task GiveUpAsync(Guid waitId, string circle);

    /// <summary>
    /// Gives the process another model, which is loaded first. A turn that is under way is finished on the model it has; the next one runs on the new one, on the same context region, whose
    /// text the new model reads in its own tokens.
    /// </summary>
    /// <returns>The PCB with the new model.</returns>
    /// <exception cref="LlmosException">There is no such model or no room for it, or the process has ended or does not think; then nothing has changed.</exception>
    [Alias("SwapModel"), AlwaysInterleave, ResponseTimeout("00:15:00")]
    [Requires(Scope = AccessScope.Target, Syscall = "swapModel", RecordFirst = true)]
    Task<ProcessControlBlock> SwapModelAsync(string model);

    /// <summary>
    /// Lets the process go from a silo that drains. No turn begins there any more; the one under way is finished or, after the time given,
    /// handed over: at <see cref="ProcessDurability.Token"/> it goes on where it is, at <see cref="ProcessDurability.Turn"/> it runs again. Nothing happens on a silo that does not drain.
    /// </summary>
    /// <param name="grace">How long a turn may go on.</param>
    /// <param name="target">The silo to go to; null when there is none, so that the process waits for the next start.</param>
    [Alias("Leave"), AlwaysInterleave, ResponseTimeout("1.00:00:00")]
    [Requires(Privileges = Privileges.Administer)]
    Task LeaveAsync(TimeSpan grace, SiloAddress? target);

    /// <summary>Adds a child's PID; called by the process table when a child is spawned.</summary>
    [Alias("AddChild"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task AddChildAsync(long childPid);

    /// <summary>Sends a message from this process. It returns when the message is in the durable log.</summary>
    /// <returns>The message as it was logged.</returns>
    /// <exception cref="LlmosException">
    /// The message is wrong, its recipient does not exist or has ended, or the recipient's mailbox is full
    /// (<see cref="LlmosErrorCode.ResourceExhausted"/>): nothing was sent.
    /// </exception>
    [Alias("Send"), AlwaysInterleave]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "send")]
    Task<VmpMessage> SendAsync(OutgoingMessage message);

    /// <summary>
    /// Sends a message from this process to the members of a group, or to all processes. It returns when each recipient's
    /// copy is in the durable log; a copy counts in a mailbox's bound and is not held back by it.
    /// </summary>
    /// <exception cref="LlmosException">The message is wrong, the process may not, or nobody would hear it.</exception>
    [Alias("Multicast"), AlwaysInterleave]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "broadcast")]
    Task<MulticastReceipt> MulticastAsync(OutgoingMessage message);

    /// <summary>Asks for room in this process's mailbox for a message that is about to be sent; the room is kept for it.</summary>
    /// <param name="claim">The message. Asking again for the same one changes nothing.</param>
    /// <param name="wait">How long to wait for room; zero for not at all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    [Alias("Admit"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<MailboxAdmission> AdmitAsync(MailboxClaim claim, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Notes that the process becomes a member of a multicast group, which it leaves when it ends. Called by the group.</summary>
    /// <exception cref="LlmosException">There is no such process, or it has ended.</exception>
    [Alias("EnterGroup"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task EnterGroupAsync(string group);

    /// <summary>
    /// The first message of the mailbox that fits, left where it is; null when none came within the time given.
    /// For processes that run the <see cref="ProcessPrograms.Mailbox"/> program.
    /// </summary>
    [Alias("Peek"), AlwaysInterleave]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target, Verb = "receive")]
    Task<VmpMessage?> PeekAsync(MessageFilter filter, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Takes a message out of the mailbox for good.</summary>
    /// <returns>False when it had been taken before.</returns>
    [Alias("Consume"), AlwaysInterleave]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target, Syscall = "receive")]
    Task<bool> ConsumeAsync(Guid messageId);

    /// <summary>The PCB when the process has ended and all that its end entails is done, or as it is after the time given.</summary>
    [Alias("WaitForEnd"), AlwaysInterleave]
    [Requires]
    Task<ProcessControlBlock> WaitForEndAsync(TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>
    /// Brings a process that was spawned for one request that request, from the console, past the log of messages. The process ends when it has answered, and
    /// when nobody reads on.
    /// </summary>
    /// <param name="request">What it is asked; its recipient is the process.</param>
    /// <param name="history">What was said before, oldest first.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <returns>What it shows, and last the answer, which may be an error. Fewer when the process ends before it has answered.</returns>
    /// <exception cref="LlmosException">It was not spawned for a request, or has had one.</exception>
    [Alias("Answer"), AlwaysInterleave]
    [Requires(Permissions.ReadContext | Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "send")]
    IAsyncEnumerable<AnswerPart> AnswerAsync(OutgoingMessage request, ImmutableArray<ContextEntry> history, CancellationToken cancellationToken);

    /// <summary>What the process shows, from an offset of the running activation on; ends when the process ends.</summary>
    [Alias("Watch"), AlwaysInterleave]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target, Syscall = "watch")]
    IAsyncEnumerable<ProcessOutput> WatchAsync(long fromOffset, CancellationToken cancellationToken);
}
