using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>send, receive, broadcast and embed.</summary>
internal sealed class MessageSyscalls(IVectorSpace vectors) : ISyscallSet
{
    // Messages that are on their way to the log at a time: enough to fill its group commits.
    private const int Window = 64;

    // What was sent is in the audit log with the message itself, in the same commit.
    public IEnumerable<SyscallHandler> Handlers =>
    [
        new("send", Permissions.WriteContext, false, "pid", SendAsync),
        new("receive", Permissions.ReadContext, true, "from", ReceiveAsync),
        new("broadcast", Permissions.WriteContext | Permissions.Broadcast, true, "text", BroadcastAsync),
        new("embed", Permissions.None, false, "text", EmbedAsync),
    ];

    private static async Task<SyscallResult> SendAsync(SyscallContext context) => new MessageResult(
        await context.Process(context.Self).SendAsync(Message(context, context.Arguments.Pid("pid")!.Value, VmpMessageType.Request)));

    private static async Task<SyscallResult> ReceiveAsync(SyscallContext context)
    {
        var mailbox = context.Process(context.Self);
        var filter = new MessageFilter { From = context.Arguments.Pid("from") };
        while (await mailbox.PeekAsync(filter, TimeSpan.Zero, CancellationToken.None) is { } message)
        {
            if (await mailbox.ConsumeAsync(message.MessageId))
            {
                return new MessageResult(message);
            }
        }

        return new MessageResult(null);
    }

    private static async Task<SyscallResult> BroadcastAsync(SyscallContext context)
    {
        var processes = await context.Table.ListAsync(new ProcessFilter { LiveOnly = true, Limit = int.MaxValue });
        var recipients = processes.Where(process => process.Pid >= WellKnownPids.FirstFree && process.Pid != context.Self).ToList();
        var sender = context.Process(context.Self);
        var sent = 0;
        foreach (var some in recipients.Chunk(Window))
        {
            var reached = await Task.WhenAll(some.Select(process => SendOneAsync(sender, Message(context, process.Pid, VmpMessageType.Broadcast))));
            sent += reached.Count(one => one);
        }

        return new BroadcastResult(sent);
    }

    private static async Task<bool> SendOneAsync(IProcessGrain sender, OutgoingMessage message)
    {
        try
        {
            await sender.SendAsync(message);
            return true;
        }
        catch (LlmosException ended) when (ended.Code == LlmosErrorCode.FailedPrecondition)
        {
            return false;
        }
    }

    private static OutgoingMessage Message(SyscallContext context, long to, VmpMessageType type) => new()
    {
        To = to,
        Payload = context.Arguments.Text("text")!,
        MessageType = type,
        Vector = context.Vector,
    };

    private Task<SyscallResult> EmbedAsync(SyscallContext context) =>
        Task.FromResult<SyscallResult>(new VectorResult(vectors.Identity, vectors.Embed(context.Arguments.Text("text")!)));
}
