using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace LLMOS.Silo.Storage;

/// <summary>
/// The durable store of a node: one SQLite file, written by one thread. Writes that wait together share one transaction
/// and one sync of the disk (group commit); a caller's task completes when its write is on disk. A write that fails is
/// its caller's alone.
/// </summary>
public sealed class SqliteStore : IDisposable, IAsyncDisposable
{
    private const int MaxIdleReaders = 8;

    private readonly SqliteStoreOptions _options;
    private readonly DataFolder _folder;
    private readonly SqliteSession _writer;
    private readonly Thread _thread;
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly ConcurrentDictionary<Type, Lazy<IDisposable>> _attached = new();

    private readonly Lock _closeGate = new();
    private readonly object _gate = new();
    private readonly Queue<PendingWrite> _waiting = new();
    private readonly Queue<PendingWrite> _deferred = new();
    private long _deferredDue;
    private bool _closing;

    private SqliteStore(DataFolder folder, SqliteSession writer, SqliteStoreOptions options)
    {
        _folder = folder;
        _writer = writer;
        _options = options;
        _thread = new Thread(Run) { IsBackground = true, Name = "llmos-store" };
        _thread.Start();
    }

    /// <summary>The data folder, as a full path.</summary>
    public string Folder => _folder.Path;

    /// <summary>The database file in it.</summary>
    public string DatabasePath => PathIn(_folder);

    /// <summary>Opens the store of a data folder, which this process then holds alone; makes both when they are not there.</summary>
    /// <exception cref="LlmosException">
    /// The folder is a file, in use by another process, read-only or cannot be made; or its database is damaged, another
    /// program's or a newer version's.
    /// </exception>
    public static SqliteStore Open(string folder, SqliteStoreOptions? options = null)
    {
        options ??= new SqliteStoreOptions();
        var held = DataFolder.Take(folder);
        SqliteSession? writer = null;
        try
        {
            writer = SqliteSession.Open(PathIn(held), readOnly: false, options.BusyTimeout);
            Prepare(writer, PathIn(held), options);
            return new SqliteStore(held, writer, options);
        }
        catch (Exception exception)
        {
            writer?.Dispose();
            held.Dispose();
            if (exception is SqliteException failure)
                throw SqliteErrors.Explain(failure, PathIn(held));
            throw;
        }
    }

    /// <summary>Writes and waits until the write is on disk.</summary>
    /// <param name="write">
    /// Runs on the writer thread, inside a transaction that it shares with others. It may be run again when a neighbour
    /// made the transaction fail, so it has no effect but on the database.
    /// </param>
    /// <param name="committed">Runs on the writer thread after the commit, in the order of the writes; it must not block.</param>
    /// <param name="cancellationToken">Gives the write up if it has not begun.</param>
    /// <exception cref="LlmosException">There is no room, the disk failed, or the store is closed.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> write, Action<T>? committed = null, CancellationToken cancellationToken = default)
    {
        var pending = new PendingWrite<T>(write, committed, cancellationToken);
        lock (_gate)
        {
            if (_closing)
                return Task.FromException<T>(Closed());
            _waiting.Enqueue(pending);
            if (_waiting.Count == 1)
                Monitor.Pulse(_gate);
        }
        return pending.Task;
    }

    /// <summary>
    /// Writes soon: with the next write that comes, or after <see cref="SqliteStoreOptions.DeferredDelay"/>. For what may
    /// be lost in a crash.
    /// </summary>
    public Task<T> DeferAsync<T>(Func<SqliteSession, T> write)
    {
        var pending = new PendingWrite<T>(write, committed: null, CancellationToken.None);
        lock (_gate)
        {
            if (_closing)
                return Task.FromException<T>(Closed());
            _deferred.Enqueue(pending);
            if (_deferred.Count == 1)
            {
                _deferredDue = Environment.TickCount64 + (long)_options.DeferredDelay.TotalMilliseconds;
                Monitor.Pulse(_gate);
            }
        }
        return pending.Task;
    }

    /// <summary>Reads what is committed, on the caller's thread.</summary>
    /// <exception cref="LlmosException">The disk failed, or the store is closed.</exception>
    public T Read<T, TArgument>(TArgument argument, Func<SqliteSession, TArgument, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (Volatile.Read(ref _closing))
            throw Closed();
        SqliteSession? session = null;
        try
        {
            if (!_readers.TryTake(out session))
                session = SqliteSession.Open(DatabasePath, readOnly: true, _options.BusyTimeout);
            return read(session, argument);
        }
        catch (SqliteException exception)
        {
            session?.Dispose();
            session = null;
            throw SqliteErrors.Explain(exception, DatabasePath);
        }
        finally
        {
            if (session is not null)
                Return(session);
        }
    }

    /// <summary>The one object of a type that belongs to this store, such as the log in it. It is disposed with the store.</summary>
    internal T Attach<T>(Func<SqliteStore, T> create)
        where T : class, IDisposable =>
        (T)_attached.GetOrAdd(typeof(T), _ => new Lazy<IDisposable>(() => create(this))).Value;

    /// <summary>Finishes the writes that wait, then closes the database and lets the folder go.</summary>
    public void Dispose()
    {
        lock (_closeGate)
        {
            if (!_thread.IsAlive && Volatile.Read(ref _closing))
                return;
            foreach (var attached in _attached.Values)
                attached.Value.Dispose();
            lock (_gate)
            {
                Volatile.Write(ref _closing, true);
                Monitor.PulseAll(_gate);
            }
            _thread.Join();
            while (_readers.TryTake(out var reader))
                reader.Dispose();
            _writer.Dispose();
            _folder.Dispose();
        }
    }

    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    private static string PathIn(DataFolder folder) => Path.Combine(folder.Path, "llmos.db");

    private static void Prepare(SqliteSession writer, string path, SqliteStoreOptions options)
    {
        SqliteSchema.Bring(writer, path);
        if (writer.Scalar("PRAGMA journal_mode = WAL") is not "wal")
            throw LlmosException.Refused(
                $"The disk under '{path}' does not carry a write-ahead log, as network disks do not. Choose a folder on a local disk with --data.");
        writer.Execute("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000");
        if (options.MaxBytes is { } bytes)
        {
            var pageSize = Convert.ToInt64(writer.Scalar("PRAGMA page_size"), CultureInfo.InvariantCulture);
            writer.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(1, bytes / pageSize)}"));
        }
    }

    private void Return(SqliteSession session)
    {
        if (_readers.Count >= MaxIdleReaders || Volatile.Read(ref _closing))
            session.Dispose();
        else
            _readers.Add(session);
    }

    private void Run()
    {
        var batch = new List<PendingWrite>();
        while (Take(batch))
        {
            if (!TryCommit(batch))
            {
                // A neighbour's failure undid the shared transaction: now each stands for itself.
                foreach (var write in batch)
                    TryCommit([write]);
            }
            batch.Clear();
        }
    }

    private bool Take(List<PendingWrite> batch)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_closing && _deferred.Count == 0)
                    return false;
                var wait = _deferred.Count == 0 ? Timeout.Infinite : _deferredDue - Environment.TickCount64;
                if (_deferred.Count > 0 && (_closing || wait <= 0))
                    break;
                Monitor.Wait(_gate, (int)wait);
            }
            while (batch.Count < _options.MaxBatch && _waiting.TryDequeue(out var write))
                batch.Add(write);
            while (_deferred.TryDequeue(out var write))
                batch.Add(write);
            return true;
        }
    }

    /// <summary>Commits writes in one transaction and answers their callers.</summary>
    /// <returns>False when the transaction was undone and nobody was answered, so that each is to be tried alone.</returns>
    private bool TryCommit(List<PendingWrite> batch)
    {
        var done = new List<PendingWrite>(batch.Count);
        var failed = new List<(PendingWrite Write, Exception Reason)>();
        try
        {
            _writer.Statement("BEGIN IMMEDIATE").Run();
            foreach (var write in batch)
            {
                if (write.IsCanceled)
                {
                    failed.Add((write, new OperationCanceledException()));
                    continue;
                }
                var changes = _writer.TotalChanges;
                try
                {
                    write.Execute(_writer);
                    done.Add(write);
                }
                catch (Exception exception) when (_writer.InTransaction && _writer.TotalChanges == changes && exception is not SqliteException)
                {
                    // It changed nothing, so there is nothing to undo: a version conflict, for one.
                    failed.Add((write, exception));
                }
            }
            _writer.Statement("COMMIT").Run();
        }
        catch (Exception exception)
        {
            Rollback();
            if (batch.Count > 1)
                return false;
            batch[0].Fail(Explain(exception));
            return true;
        }

        foreach (var write in done)
            write.Complete();
        foreach (var (write, reason) in failed)
        {
            if (reason is OperationCanceledException)
                write.Cancel();
            else
                write.Fail(reason);
        }
        return true;
    }

    private void Rollback()
    {
        try
        {
            if (_writer.InTransaction)
                _writer.Statement("ROLLBACK").Run();
        }
        catch (SqliteException)
        {
            // The transaction's own failure is what its callers hear; the next one finds out whether the disk is back.
        }
    }

    private Exception Explain(Exception exception) =>
        exception is SqliteException failure ? SqliteErrors.Explain(failure, DatabasePath) : exception;

    private LlmosException Closed() => LlmosException.Unavailable($"The store '{DatabasePath}' is closed. Start the node again.");
}
