using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using LLMOS.Client;
using LLMOS.Kernel.Security;

namespace LLMOS.Silo.Http.Acp;

/// <summary>
/// What happens, as the audit log has it: every syscall and every message, each with an offset that lasts as long as the log, so that a reader goes on where it
/// stopped, over restarts too.
/// </summary>
internal sealed class AuditEvents(LlmosClient client)
{
    private const int PageSize = 500;

    // The log tells nobody that it grew; a look is one search of an index.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>The offset of the newest event; 0 when there is none.</summary>
    public async Task<long> HeadAsync() =>
        (await AsServer.CallAsync(() => client.QueryAuditAsync(new AuditQuery { Limit = 1 }))) is [.., var last] ? last.Sequence : 0;

    /// <summary>Events as they come. Who may not read the whole log gets what the own principal did.</summary>
    /// <param name="after">The offset of the last event that is not wanted.</param>
    /// <param name="pid">Only those of this process; null for all.</param>
    /// <param name="caller">Who reads; null for the program that the silo runs in.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<AuditRecord> ReadAsync(long after, long? pid, Caller? caller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var principal = caller is null || caller.Has(Privileges.Audit) ? null : caller.Principal;
        using var timer = new PeriodicTimer(Interval);
        while (true)
        {
            var query = new AuditQuery { AfterSequence = after, OldestFirst = true, Pid = pid, Limit = PageSize };
            var records = await AsServer.CallAsync(() => client.QueryAuditAsync(query));
            foreach (var record in records)
            {
                cancellationToken.ThrowIfCancellationRequested();
                after = record.Sequence;
                if (principal is null || record.Entry.Principal == principal)
                {
                    yield return record;
                }
            }

            if (records.Length < PageSize)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    /// <summary>An event as JSON.</summary>
    public static JsonObject Json(AuditRecord record) => new()
    {
        ["offset"] = record.Sequence,
        ["at"] = record.Entry.At,
        ["type"] = record.Entry.Syscall,
        ["principal"] = record.Entry.Principal,
        ["source"] = record.Entry.Source,
        ["destination"] = record.Entry.Destination,
        ["arguments"] = record.Entry.Arguments,
        ["tokens"] = record.Entry.Tokens,
        ["result"] = record.Entry.Result,
    };
}
