using System.Collections.Immutable;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Messaging;

/// <summary>Reads the log for those who have no store of their own.</summary>
[StatelessWorker]
public sealed class MessageLogGrain(IMessageLog log) : Grain, IMessageLogGrain
{
    public async Task<ImmutableArray<LoggedMessage>> QueryAsync(MessageQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Limit is > 0 and <= 100_000
            ? [.. await log.QueryAsync(query)]
            : throw LlmosException.InvalidArgument($"A limit of {query.Limit} messages is outside 1 to 100000.");
    }
}
