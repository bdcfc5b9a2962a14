using System.Collections.Immutable;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Security;

/// <summary>Reads the audit log for those who have no store of their own.</summary>
[StatelessWorker]
public sealed class AuditGrain(IAuditLog log) : Grain, IAuditGrain
{
    /// <summary>The most records that one query may ask for.</summary>
    public const int MaxLimit = 100_000;

    public Task<ImmutableArray<AuditRecord>> QueryAsync(AuditQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Limit is > 0 and <= MaxLimit
            ? log.QueryAsync(query)
            : throw LlmosException.InvalidArgument($"A limit of {query.Limit} records is outside 1 to {MaxLimit}.");
    }

    public Task<AuditVerification> VerifyAsync() => log.VerifyAsync();
}
