using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace LLMOS.Benchmarks.MemorySuite.Peers;

/// <summary>sqlite-vec, which looks at every vector too: a table of floats in memory.</summary>
internal sealed class SqliteVec : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly SqliteCommand _search;

    /// <exception cref="BenchmarkException">The extension cannot be loaded.</exception>
    public SqliteVec(string extension, float[] vectors, int dimension)
    {
        try
        {
            _connection.Open();
            _connection.EnableExtensions();
            _connection.LoadExtension(extension);
            Fill(vectors, dimension);
        }
        catch (SqliteException failure)
        {
            _connection.Dispose();
            throw new BenchmarkException($"sqlite-vec at '{extension}' cannot be used ({failure.Message.TrimEnd('.')}): give the vec0.so of this platform, or leave --sqlite-vec out.");
        }

        _search = _connection.CreateCommand();
        _search.CommandText = "SELECT rowid FROM vectors WHERE vector MATCH $query AND k = $count ORDER BY distance";
        _search.Parameters.Add("$query", SqliteType.Blob);
        _search.Parameters.Add("$count", SqliteType.Integer);
    }

    /// <summary>The places of the nearest vectors, the nearest first.</summary>
    public long[] Search(float[] query, int count)
    {
        _search.Parameters[0].Value = MemoryMarshal.AsBytes<float>(query).ToArray();
        _search.Parameters[1].Value = count;
        using var rows = _search.ExecuteReader();
        var found = new List<long>(count);
        while (rows.Read())
            found.Add(rows.GetInt64(0) - 1);
        return [.. found];
    }

    public void Dispose()
    {
        _search.Dispose();
        _connection.Dispose();
    }

    private void Fill(float[] vectors, int dimension)
    {
        using var create = _connection.CreateCommand();
        create.CommandText = FormattableString.Invariant($"CREATE VIRTUAL TABLE vectors USING vec0 (vector float[{dimension}] distance_metric=cosine)");
        create.ExecuteNonQuery();
        using var transaction = _connection.BeginTransaction();
        using var insert = _connection.CreateCommand();
        insert.CommandText = "INSERT INTO vectors (rowid, vector) VALUES ($id, $vector)";
        var (id, vector) = (insert.Parameters.Add("$id", SqliteType.Integer), insert.Parameters.Add("$vector", SqliteType.Blob));
        for (var i = 0; i < vectors.Length / dimension; i++)
        {
            // Row ids begin with 1.
            id.Value = i + 1L;
            vector.Value = MemoryMarshal.AsBytes(vectors.AsSpan(i * dimension, dimension)).ToArray();
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
