using System.Collections.Immutable;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Messaging;

/// <summary>Reads the durable log of VMP messages, in order. Stateless; any key.</summary>
[Alias("llmos.IMessageLogGrain")]
public interface IMessageLogGrain : IGrainWithIntegerKey
{
    [Alias("Query")]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Argument, Syscall = "log")]
    Task<ImmutableArray<LoggedMessage>> QueryAsync(MessageQuery query);
}
