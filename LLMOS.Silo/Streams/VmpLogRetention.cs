using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Streams;

/// <summary>
/// Rids the log of consumed messages and dead letters that are too old or too many, a few in each transaction so that no
/// writer waits for it. What waits to be handled stays whatever its age.
/// </summary>
internal sealed class VmpLogRetention : IDisposable
{
    private const int Step = 64;
    private const string SelectConsumed = "SELECT seq, logged_at FROM vmp_log WHERE seq > ? AND state = 2 ORDER BY seq LIMIT ?";
    private const string CountConsumed =
        "SELECT (SELECT COUNT(*) FROM vmp_log) - (SELECT COUNT(*) FROM vmp_log WHERE state < 2) - (SELECT COUNT(*) FROM vmp_log WHERE state > 2)";
    private const string SelectDead = "SELECT seq, logged_at FROM vmp_log WHERE seq > ? AND state > 2 ORDER BY seq LIMIT ?";
    private const string CountDead = "SELECT COUNT(*) FROM vmp_log WHERE state > 2";

    private readonly SqliteStore _store;
    private readonly VmpStreamOptions _options;
    private readonly Timer _timer;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _pruning = new(1, 1);

    public VmpLogRetention(SqliteStore store, VmpStreamOptions options)
    {
        _store = store;
        _options = options;
        _timer = new Timer(_ => _ = PruneQuietlyAsync(), null, TimeSpan.Zero, options.PruneEvery);
    }

    /// <summary>Deletes all that may go now. One at a time: two would each delete the surplus that both had counted.</summary>
    /// <returns>How many messages went.</returns>
    public async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        await _pruning.WaitAsync(cancellationToken);
        try
        {
            return await PruneSurplusAsync(cancellationToken);
        }
        finally
        {
            _pruning.Release();
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _timer.Dispose();
    }

    private async Task<int> PruneSurplusAsync(CancellationToken cancellationToken) =>
        await PruneAsync(CountConsumed, SelectConsumed, _options.MaxConsumed, _options.KeepConsumedFor, cancellationToken)
        + await PruneAsync(CountDead, SelectDead, _options.MaxDead, _options.KeepDeadFor, cancellationToken);

    private async Task<int> PruneAsync(string count, string select, int max, TimeSpan age, CancellationToken cancellationToken)
    {
        var surplus = _store.Read(count, static (session, sql) =>
        {
            using var row = session.Statement(sql);
            return row.Step() ? row.Number(0) : 0;
        }) - max;
        var oldest = DateTimeOffset.UtcNow.Subtract(age).ToUnixTimeMilliseconds();

        var pruned = 0;
        var after = 0L;
        while (!cancellationToken.IsCancellationRequested)
        {
            var goes = _store.Read((select, after, surplus: surplus - pruned, oldest), static (session, limit) =>
            {
                using var rows = session.Statement(limit.select).Bind(limit.after).Bind(Step);
                var sequences = new List<long>(Step);
                while (rows.Step() && (sequences.Count < limit.surplus || rows.Number(1) < limit.oldest))
                    sequences.Add(rows.Number(0));
                return sequences;
            });
            if (goes.Count == 0)
                break;
            await _store.WriteAsync(session => Delete(session, goes), cancellationToken: cancellationToken);
            pruned += goes.Count;
            after = goes[^1];
        }
        return pruned;
    }

    private static int Delete(SqliteSession session, List<long> sequences)
    {
        foreach (var sequence in sequences)
        {
            long? shared;
            using (var row = session.Statement("DELETE FROM vmp_log WHERE seq = ? RETURNING body").Bind(sequence))
            {
                if (!row.Step())
                    continue;
                shared = row.IsNull(0) ? null : row.Number(0);
            }
            session.Statement("DELETE FROM vmp_fault WHERE seq = ?").Bind(sequence).Run();
            if (shared is { } body)
                VmpMulticasts.ReleaseBody(session, body);
            else
                session.Statement("DELETE FROM vmp_body WHERE seq = ?").Bind(sequence).Run();
        }
        return sequences.Count;
    }

    private async Task PruneQuietlyAsync()
    {
        if (_pruning.CurrentCount == 0)
            return;
        try
        {
            await PruneAsync(_stop.Token);
        }
        catch (Exception exception) when (exception is LlmosException or OperationCanceledException)
        {
            // The store is closed or its disk failed; whoever writes next hears of it, and the next round tries again.
        }
    }
}
