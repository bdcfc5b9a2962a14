using System.Collections.Immutable;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Audit;

/// <summary>The audit log in a node's store. There is one for a store; messages are recorded by the log that they are appended to.</summary>
public sealed class SqliteAuditLog : IAuditLog, IDisposable
{
    private readonly SqliteStore _store;
    private readonly Lock _gate = new();
    private List<AuditEntry> _waiting = [];
    private int _writing;
    private bool _scheduled;
    private bool _failing;

    private SqliteAuditLog(SqliteStore store) => _store = store;

    /// <summary>The audit log of a store.</summary>
    public static SqliteAuditLog In(SqliteStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.Attach(opened => new SqliteAuditLog(opened));
    }

    /// <inheritdoc />
    public Task WriteAsync(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _store.WriteAsync(session => AuditChain.Append(session, [entry]));
    }

    /// <inheritdoc />
    public ValueTask NoteAsync(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            if (_failing)
                return new ValueTask(NoteWhenItCanAsync(entry));
            _waiting.Add(entry);
            if (_scheduled)
                return default;
            _scheduled = true;
        }

        _ = WriteWaitingQuietlyAsync();
        return default;
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<AuditRecord>> QueryAsync(AuditQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await SettleAsync();
        return _store.Read((query, cancellationToken), static (session, key) => AuditReader.Query(session, key.query, key.cancellationToken));
    }

    /// <inheritdoc />
    public async Task<AuditVerification> VerifyAsync(CancellationToken cancellationToken = default)
    {
        await SettleAsync();

        // A long log is not read on an activation's thread.
        return await Task.Run(() => _store.Read(cancellationToken, AuditReader.Verify), cancellationToken);
    }

    /// <summary>Does nothing: what waits is written when the store closes.</summary>
    public void Dispose()
    {
    }

    private async Task NoteWhenItCanAsync(AuditEntry entry)
    {
        await WriteWaitingAsync((store, write) => store.WriteAsync(write), [entry]);
    }

    private async Task SettleAsync()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && _writing == 0 && !_failing)
                return;
        }

        try
        {
            await WriteWaitingAsync((store, write) => store.WriteAsync(write), []);
        }
        catch (LlmosException)
        {
            // What is there can be read all the same; whoever is to be recorded next hears of it.
        }
    }

    private async Task WriteWaitingQuietlyAsync()
    {
        try
        {
            await WriteWaitingAsync((store, write) => store.DeferAsync(write), []);
        }
        catch (LlmosException)
        {
            // The records wait, and whoever is to be recorded next hears of it.
        }
    }

    /// <summary>Writes what waits, and more records after it. When that fails, what waited goes on waiting.</summary>
    private async Task WriteWaitingAsync(Func<SqliteStore, Func<SqliteSession, long>, Task<long>> write, IReadOnlyList<AuditEntry> more)
    {
        List<AuditEntry>? taken = null;
        lock (_gate)
            _writing++;
        try
        {
            await write(_store, session =>
            {
                // The transaction may be tried again; what was taken is taken once.
                taken ??= Take();
                return AuditChain.Append(session, [.. taken, .. more]);
            });
            lock (_gate)
                _failing = false;
        }
        catch
        {
            lock (_gate)
            {
                if (taken is not null)
                    _waiting.InsertRange(0, taken);
                _failing = true;
                _scheduled = false;
            }

            throw;
        }
        finally
        {
            lock (_gate)
                _writing--;
        }
    }

    private List<AuditEntry> Take()
    {
        lock (_gate)
        {
            var taken = _waiting;
            _waiting = [];
            _scheduled = false;
            return taken;
        }
    }
}
