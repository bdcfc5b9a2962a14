using System.Collections.Immutable;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using LLMOS.Kernel.Telemetry;
using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Processes;

// What the process sends: by its turns, through the outbox, and for those who send in its name from outside.
public sealed partial class ProcessGrain
{
    // A wait for room is looked at so often: the process may have been filled up, suspended or ended meanwhile.
    private static readonly TimeSpan RoomSlice = TimeSpan.FromMilliseconds(500);

    // Messages that do not wait for room any more, since that would be for ever.
    private readonly HashSet<Guid> _overBound = [];

    public async Task<VmpMessage> SendAsync(OutgoingMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.IsMulticast)
        {
            return (await MulticastAsync(message)).Message;
        }

        EnsureAlive();
        MessageRules.Validate(message, _vectors.Dimension, _time.GetUtcNow());
        var stamped = Stamp(message, message.MessageId == Guid.Empty ? Guid.NewGuid() : message.MessageId);
        Admissions.Ensure(message.To, await Process(message.To).AdmitAsync(ClaimOf(stamped), TimeSpan.Zero, CancellationToken.None));
        await PublishAsync(stamped);
        return stamped;
    }

    public async Task<MulticastReceipt> MulticastAsync(OutgoingMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        EnsureAlive();
        if (!message.IsMulticast)
        {
            throw LlmosException.InvalidArgument("group: it is empty and the message is no BROADCAST; name a group, or send it to one process.");
        }

        MessageRules.Validate(message, _vectors.Dimension, _time.GetUtcNow());
        await EnsureMaySpeakAsync(GroupOf(message));
        var stamped = Stamp(message, message.MessageId == Guid.Empty ? Guid.NewGuid() : message.MessageId);
        var audience = await AudienceAsync(stamped.Group);
        CheckAudience(stamped.Group, audience);
        KernelMetrics.Sent(stamped.MessageType);
        return new MulticastReceipt(stamped, await _log.MulticastAsync(stamped, audience.RemoveAll(IsNoHearer)));
    }

    public async Task EnterGroupAsync(string group)
    {
        EnsureAlive();
        EnsureStored($"be in the group '{group}'");
        if (Record.Groups.Add(group))
        {
            await SaveAsync();
        }
    }

    private async Task LeaveGroupsAsync()
    {
        foreach (var group in Record.Groups.ToArray())
        {
            await GrainFactory.GetGrain<IMulticastGroupGrain>(group).LeaveAsync(Pid);
            Record.Groups.Remove(group);
        }
    }

    /// <summary>
    /// Tells the log what is committed: messages to send, then messages that are done with. What it has is forgotten here,
    /// and the next write of the state forgets it for good; until then saying it again changes nothing. A message to a full
    /// mailbox waits, with those behind it to the same process, and the process waits with it.
    /// </summary>
    /// <returns>False when the process may not wait any more: it is suspended, or the silo stops.</returns>
    private async Task<bool> SettleAsync(CancellationToken stopping)
    {
        while (await PublishOutboxAsync() is { } waiting)
        {
            if (stopping.IsCancellationRequested || _isLeaving || Pcb.State == ProcessState.Suspended)
            {
                return false;
            }

            await AwaitRoomAsync(waiting, stopping);
        }

        if (Record.Consumed.Count > 0)
        {
            Guid[] consumed = [.. Record.Consumed];
            await _log.MarkConsumedAsync(Pid, consumed, CancellationToken.None);
            Record.Consumed.ExceptWith(consumed);
        }

        if (Record.Dead.Count > 0)
        {
            DeadLetter[] dead = [.. Record.Dead];
            await _log.MarkDeadAsync(Pid, dead, CancellationToken.None);
            Record.Dead.RemoveAll(letter => dead.Contains(letter));
        }

        return true;
    }

    /// <summary>Sends what may be sent.</summary>
    /// <returns>The first message whose recipient has no room; null when all are sent.</returns>
    private async Task<VmpMessage?> PublishOutboxAsync()
    {
        VmpMessage? waiting = null;
        HashSet<long>? full = null;
        for (var i = 0; i < Record.Outbox.Count;)
        {
            var message = Record.Outbox[i];
            if (full?.Contains(message.To) == true || !await HasRoomAsync(message))
            {
                (full ??= []).Add(message.To);
                waiting ??= message;
                i++;
            }
            else
            {
                await PublishAsync(message);
                Record.Outbox.RemoveAt(i);
            }
        }

        return waiting;
    }

    // Whoever is full itself sends without waiting. So of processes that wait for room in a circle, each would have to be
    // full, as it is waited for, and not full, as it waits: there is no such circle. One that has other waits in it is
    // found as any other, and the message of the one that gives up goes over the bound.
    private async Task<bool> HasRoomAsync(VmpMessage message) =>
        HasEnded || IsExempt(message) || _bound.IsFull(_mailbox) || _overBound.Remove(message.MessageId)
        || (await TryAdmitAsync(message, TimeSpan.Zero, CancellationToken.None))?.Verdict is not (null or MailboxVerdict.Full);

    // Who asked waits for the answer, and what the kernel says is needed for others to go on. Copies of a multicast count
    // where they arrive; one full mailbox must not keep them from all others.
    private static bool IsExempt(VmpMessage message) => message.MessageType == VmpMessageType.Response || message.Group.Length > 0
        || message.Headers.ContainsKey(VmpHeaders.AckName) || message.Headers.ContainsKey(VmpHeaders.KernelName);

    private async Task AwaitRoomAsync(VmpMessage message, CancellationToken stopping)
    {
        var isQuestion = Pcb.BlockedOn == BlockReason.Response;
        var wait = BeginWait(MessageIds.Derive(message.MessageId, Pid, RoomWait), WaitKind.Room, message.To, message.MessageId.ToString());
        if (Pcb is { State: ProcessState.Blocked, BlockedOn: not BlockReason.Send })
        {
            Record.Pcb = Pcb with { BlockedOn = BlockReason.Send };
            _outputs.Add(ProcessOutputKind.StateChanged, message.MessageId, $"waits for room in the mailbox of process {message.To}");
        }

        try
        {
            if (await TryAdmitAsync(message, RoomSlice, stopping) is null)
            {
                await Task.Delay(RoomSlice, _time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The outbox is in the store: the next life sends it.
        }
        finally
        {
            EndWait(wait.Id);
        }

        if (Pcb is { State: ProcessState.Blocked, BlockedOn: BlockReason.Send })
        {
            Record.Pcb = Pcb with { BlockedOn = isQuestion ? BlockReason.Response : Record.Unacknowledged.Count > 0 ? BlockReason.Ack : BlockReason.Receive };
        }
    }

    /// <returns>Null when the recipient is out of reach for the moment.</returns>
    private async Task<MailboxAdmission?> TryAdmitAsync(VmpMessage message, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            return await Process(message.To).AdmitAsync(ClaimOf(message), wait, cancellationToken);
        }
        catch (Exception exception) when (IsPassing(exception) && !_silo.CurrentStatus.IsTerminating())
        {
            return null;
        }
    }

    private async Task PublishAsync(VmpMessage message)
    {
        // The log names in its audit record who answers for the message.
        // A PID of nobody, which refuses what is sent to it, has no one to answer for it but the kernel.
        CallerContext.Behalf ??= Record.Pcb is { } sender ? Caller.Of(sender) : Caller.Kernel;
        if (message.Group.Length == 0)
        {
            await this.GetStreamProvider(VmpStreams.Provider).GetStream<VmpMessage>(VmpStreamIds.Mailbox(message.To)).OnNextAsync(message);
            KernelMetrics.Sent(message.MessageType);
        }
        else if ((await AudienceAsync(message.Group)).RemoveAll(IsNoHearer) is { Length: > 0 } recipients)
        {
            await _log.MulticastAsync(message, recipients);
            KernelMetrics.Sent(message.MessageType);
        }
        else
        {
            LogNobody(_logger, message.MessageId, Pid, message.Group);
        }
    }

    /// <summary>The members of a group, or all that live.</summary>
    private Task<ImmutableArray<long>> AudienceAsync(string group) => group == VmpMessage.Everyone
        ? GrainFactory.GetGrain<IProcessTableGrain>(0).LivePidsAsync()
        : GrainFactory.GetGrain<IMulticastGroupGrain>(group).MembersAsync();

    // A sender does not hear itself, and nobody reads the mailbox of the root of all.
    private bool IsNoHearer(long pid) => pid == Pid || pid == WellKnownPids.Init;

    /// <summary>What a turn sends is looked at before the turn is committed: one that is wrong fails it.</summary>
    private async Task CheckOutgoingAsync(ImmutableArray<OutgoingMessage> messages)
    {
        foreach (var message in messages)
        {
            MessageRules.Validate(message, _vectors.Dimension, _time.GetUtcNow());
            if (message.IsMulticast)
            {
                var group = GroupOf(message);
                CheckAudience(group, await AudienceAsync(group));
            }
        }
    }

    /// <summary>A person without BROADCAST has it not by speaking through the console, which has it.</summary>
    private async Task EnsureMaySpeakAsync(string group)
    {
        if (CallerContext.Behalf is not { Pid: null } person || person.Permissions.HasFlag(Permissions.Broadcast))
        {
            return;
        }

        if (group == VmpMessage.Everyone)
        {
            throw LlmosException.Denied($"{person} may not broadcast: it has no BROADCAST; send to the processes that are meant.");
        }

        if (await GrainFactory.GetGrain<IMulticastGroupGrain>(group).FounderAsync() is { Length: > 0 } founder && founder != person.Principal)
        {
            throw LlmosException.Denied($"{person} may not send to the group '{group}': it is another's, and {person} has no BROADCAST; send to processes of its own.");
        }
    }

    /// <exception cref="LlmosException">The process may not send to the group, or nobody would hear it.</exception>
    private void CheckAudience(string group, ImmutableArray<long> audience)
    {
        if (!Pcb.Permissions.HasFlag(Permissions.Broadcast) && (group == VmpMessage.Everyone || !audience.Contains(Pid)))
        {
            throw new LlmosException(
                LlmosErrorCode.PermissionDenied,
                group == VmpMessage.Everyone
                    ? $"Process {Pid} ({Pcb.Name}) may not broadcast: it lacks the permission BROADCAST, which it gets where it is spawned."
                    : $"Process {Pid} ({Pcb.Name}) may not send to the group '{group}': it is no member and lacks the permission BROADCAST; let it join.");
        }

        if (audience.All(IsNoHearer))
        {
            throw group == VmpMessage.Everyone
                ? LlmosException.Refused("to: there is no process beside the sender that would hear a broadcast; spawn one.")
                : LlmosException.NotFound($"group: '{group}' has no members beside the sender; llmos groups lists those that have.");
        }
    }

    private IProcessGrain Process(long pid) => GrainFactory.GetGrain<IProcessGrain>(pid);

    private static MailboxClaim ClaimOf(VmpMessage message) => new(message.MessageId, MessageSize.Of(message));

    // Who reads the answer to a request reads its text alone.
    private VmpMessage Stamp(OutgoingMessage message, Guid id) => Message(message, id, Pid) is var sent && (message.Vector.Length > 0 || IsFleeting)
        ? sent
        : sent with { Vector = _vectors.Embed(message.Payload) };

    private VmpMessage Message(OutgoingMessage message, Guid id, long from) => new()
    {
        MessageId = id,
        From = from,
        To = message.To,
        MessageType = message.MessageType,
        Payload = message.Payload,
        Vector = message.Vector,
        Priority = message.Priority ?? Pcb.Priority,
        Timestamp = _time.GetUtcNow(),
        RequiresAck = message.RequiresAck,
        CorrelationId = message.CorrelationId,
        Deadline = message.Deadline,
        TraceParent = SendTrace.Of(message, from, id),
        Headers = message.Headers,
        Group = GroupOf(message),
    };

    private static string GroupOf(OutgoingMessage message) =>
        message.Group.Length > 0 ? message.Group : message.IsMulticast ? VmpMessage.Everyone : "";

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} from {Pid} to the group '{Group}' was heard by nobody: its members have left since it was sent.")]
    private static partial void LogNobody(ILogger logger, Guid messageId, long pid, string group);
}
