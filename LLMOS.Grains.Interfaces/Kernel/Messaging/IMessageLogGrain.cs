using System.Collections.Immutable;

namespace LLMOS.Kernel.Messaging;

/// <summary>Reads the durable log of VMP messages, in order. Stateless; any key.</summary>
[Alias("llmos.IMessageLogGrain")]
public interface IMessageLogGrain : IGrainWithIntegerKey
{
    [Alias("Query")]
    Task<ImmutableArray<LoggedMessage>> QueryAsync(MessageQuery query);
}
