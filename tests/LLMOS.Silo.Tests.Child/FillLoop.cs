using System.Globalization;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Tests.Child;

/// <summary>Writes until the disk takes no more, says why, makes room and writes once more.</summary>
internal static class FillLoop
{
    private const int Limit = 10_000;

    public static async Task<int> RunAsync(string folder)
    {
        using var store = SqliteStore.Open(folder);
        await store.WriteAsync(session => session.Statement("CREATE TABLE t (id INTEGER PRIMARY KEY, value TEXT NOT NULL)").Run());
        var stored = 0;
        try
        {
            for (; stored < Limit; stored++)
                await InsertAsync(store, new string('x', 50_000));
            return 3;
        }
        catch (LlmosException exception)
        {
            Console.WriteLine(exception.Code);
            Console.WriteLine(exception.Message);
        }
        Console.WriteLine(stored.ToString(CultureInfo.InvariantCulture));
        await InsertAsync(store, "small");
        return 0;
    }

    private static Task<int> InsertAsync(SqliteStore store, string value) =>
        store.WriteAsync(session => session.Statement("INSERT INTO t (value) VALUES (?)").Bind(value).Run());
}
