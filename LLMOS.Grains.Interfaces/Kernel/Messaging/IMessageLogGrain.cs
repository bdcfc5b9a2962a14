using System.Collections.Immutable;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Messaging;

/// <summary>Reads the durable log of VMP messages, in order, and sends dead letters again. Stateless; any key.</summary>
[Alias("llmos.IMessageLogGrain")]
public interface IMessageLogGrain : IGrainWithIntegerKey
{
    [Alias("Query")]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Argument, Syscall = "log")]
    Task<ImmutableArray<LoggedMessage>> QueryAsync(MessageQuery query);

    /// <summary>
    /// Sends a dead letter again, under a new id that follows from the old one and the recipient: a second replay to the
    /// same process changes nothing. A deadline that has passed is left out.
    /// </summary>
    /// <param name="sequence">The dead letter's place in the log.</param>
    /// <param name="to">Who gets it; null for whom it was sent to.</param>
    /// <returns>The message as it was sent; its header <see cref="VmpHeaders.CauseName"/> has the dead letter's id.</returns>
    /// <exception cref="LlmosException">There is no such message, it is no dead letter, or its recipient takes none.</exception>
    [Alias("Replay")]
    [Requires(Permissions.WriteContext, Privileges = Privileges.ManageProcesses, Syscall = "replay", RecordFirst = true)]
    Task<VmpMessage> ReplayAsync(long sequence, long? to);
}
