using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LLMOS.Silo.Storage;

/// <summary>A connection and the statements prepared on it. One thread at a time.</summary>
public sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>How many rows this session has changed since it was opened, undone changes included.</summary>
    internal int TotalChanges => raw.sqlite3_total_changes(Handle);

    /// <summary>False after an error that made SQLite roll the transaction back by itself.</summary>
    internal bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    private sqlite3 Handle => _connection.Handle!;

    internal static SqliteSession Open(string path, bool readOnly, TimeSpan busyTimeout)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            _ = raw.sqlite3_busy_timeout(connection.Handle!, (int)busyTimeout.TotalMilliseconds);
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The statement, prepared at its first use and kept. Dispose or run it before it is asked for again.</summary>
    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new SqliteStatement(Handle, sql));
        statement.Dispose();
        return statement;
    }

    /// <summary>Reads by a statement whose text may be another the next time, so that it is not kept.</summary>
    internal T Once<T>(string sql, Func<SqliteStatement, T> read)
    {
        var statement = new SqliteStatement(Handle, sql);
        try
        {
            return read(statement);
        }
        finally
        {
            statement.Close();
        }
    }

    /// <summary>Runs a script that is used once.</summary>
    internal void Execute(string script)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = script;
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row of a query that is used once; null when there is none.</summary>
    internal object? Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Close();
        _statements.Clear();
        _connection.Dispose();
    }
}
