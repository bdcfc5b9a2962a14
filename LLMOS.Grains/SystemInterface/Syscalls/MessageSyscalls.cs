using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>send, receive, broadcast and embed.</summary>
internal sealed class MessageSyscalls(IVectorSpace vectors) : ISyscallSet
{
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

    private static async Task<SyscallResult> BroadcastAsync(SyscallContext context) => new BroadcastResult(
        (await context.Process(context.Self).MulticastAsync(Message(context, to: 0, VmpMessageType.Broadcast))).Recipients);

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
