using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Streams;

/// <summary>What is done to the log when it is opened, before anything else reads or writes it.</summary>
internal static class VmpLogRecovery
{
    /// <summary>Queues again what was not consumed, over as many queues as there are now.</summary>
    /// <returns>The highest sequence number that was ever given out.</returns>
    public static long Run(SqliteSession session, int queueCount, Func<StreamId, int> queueOf)
    {
        session.Statement("UPDATE vmp_log SET state = 0 WHERE state = 1").Run();
        if (Number(session, "SELECT count FROM vmp_queues") != queueCount)
        {
            foreach (var (streamNamespace, key) in OpenStreams(session))
            {
                session.Statement("UPDATE vmp_log SET queue = ? WHERE stream_namespace = ? AND stream_key = ? AND state < 2")
                    .Bind(queueOf(StreamId.Create(streamNamespace, key))).Bind(streamNamespace).Bind(key).Run();
            }
            session.Statement("DELETE FROM vmp_queues").Run();
            session.Statement("INSERT INTO vmp_queues (count) VALUES (?)").Bind(queueCount).Run();
        }
        return Number(session, "SELECT seq FROM sqlite_sequence WHERE name = 'vmp_log'");
    }

    private static List<(string Namespace, string Key)> OpenStreams(SqliteSession session)
    {
        using var rows = session.Statement("SELECT DISTINCT stream_namespace, stream_key FROM vmp_log WHERE state < 2");
        var streams = new List<(string, string)>();
        while (rows.Step())
            streams.Add((rows.Text(0), rows.Text(1)));
        return streams;
    }

    private static long Number(SqliteSession session, string sql)
    {
        using var row = session.Statement(sql);
        return row.Step() ? row.Number(0) : 0;
    }
}
