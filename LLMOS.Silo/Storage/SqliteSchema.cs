using System.Globalization;
using LLMOS.Silo.Audit;
using LLMOS.Silo.Embeddings;
using LLMOS.Silo.Files;

namespace LLMOS.Silo.Storage;

/// <summary>The tables of a node's database, one script for each version of them.</summary>
internal static class SqliteSchema
{
    /// <summary>"LLMO", in the header of every LLMOS database.</summary>
    private const int ApplicationId = 0x4C4C4D4F;

    private static readonly string[] Versions =
    [
        """
        CREATE TABLE grain_state (
            state_name TEXT NOT NULL,
            grain_id TEXT NOT NULL,
            etag INTEGER NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY (grain_id, state_name));

        CREATE TABLE reminder (
            grain_id TEXT NOT NULL,
            name TEXT NOT NULL,
            hash INTEGER NOT NULL,
            start_at INTEGER NOT NULL,
            period INTEGER NOT NULL,
            etag INTEGER NOT NULL,
            PRIMARY KEY (grain_id, name));
        CREATE INDEX reminder_by_hash ON reminder (hash);

        CREATE TABLE vmp_queues (count INTEGER NOT NULL);

        -- What is searched and updated is kept narrow; the content of a message lies in vmp_body.
        CREATE TABLE vmp_log (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            queue INTEGER NOT NULL,
            stream_namespace TEXT NOT NULL,
            stream_key TEXT NOT NULL,
            recipient INTEGER,
            message_id BLOB NOT NULL,
            from_pid INTEGER NOT NULL,
            correlation_id TEXT NOT NULL,
            logged_at INTEGER NOT NULL,
            state INTEGER NOT NULL);
        CREATE UNIQUE INDEX vmp_log_once ON vmp_log (stream_key, message_id, stream_namespace);
        CREATE INDEX vmp_log_open ON vmp_log (queue, seq) WHERE state < 2;
        CREATE INDEX vmp_log_pending ON vmp_log (recipient, seq) WHERE state < 2;
        CREATE INDEX vmp_log_to ON vmp_log (recipient, seq);
        CREATE INDEX vmp_log_from ON vmp_log (from_pid, seq);
        CREATE INDEX vmp_log_correlation ON vmp_log (correlation_id, seq) WHERE correlation_id <> '';

        CREATE TABLE vmp_body (
            seq INTEGER PRIMARY KEY,
            body BLOB NOT NULL,
            vector BLOB NOT NULL);
        """,
        AuditSchema.Script,
        """
        -- Why messages are dead letters, and as what they were sent again.
        CREATE TABLE vmp_fault (
            seq INTEGER PRIMARY KEY,
            reason TEXT NOT NULL,
            replayed_as BLOB);
        CREATE INDEX vmp_log_dead ON vmp_log (seq) WHERE state > 2;
        CREATE INDEX vmp_log_dead_of ON vmp_log (recipient, seq) WHERE state > 2;

        -- A multicast: whom it goes to, how many of them have it, and how many rows of the log share its body, which lies in
        -- vmp_body under the negative of its id.
        CREATE TABLE vmp_multicast (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id BLOB NOT NULL UNIQUE,
            from_pid INTEGER NOT NULL,
            correlation_id TEXT NOT NULL,
            recipients BLOB NOT NULL,
            count INTEGER NOT NULL,
            next INTEGER NOT NULL,
            rows INTEGER NOT NULL);
        CREATE INDEX vmp_multicast_open ON vmp_multicast (id) WHERE next < count;
        ALTER TABLE vmp_log ADD COLUMN body INTEGER;
        """,
        """
        -- What turns of the durability token have said so far; part 0 is how they began.
        CREATE TABLE turn_log (
            pid INTEGER NOT NULL,
            message_id BLOB NOT NULL,
            part INTEGER NOT NULL,
            tokens INTEGER NOT NULL,
            text TEXT NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY (pid, message_id, part)) WITHOUT ROWID;
        """,
        FileSchema.Script,
        EmbeddingSchema.Script,
        FileSchema.Links,
        EmbeddingSchema.Dropped,
    ];

    public static int Current => Versions.Length;

    /// <summary>Creates the tables of a new database and brings those of an older one up to date.</summary>
    public static void Bring(SqliteSession session, string path) => Bring(session, path, Current);

    /// <summary>The same up to a version: what an older release would have made.</summary>
    internal static void Bring(SqliteSession session, string path, int wanted)
    {
        var application = Number(session, "PRAGMA application_id");
        var version = (int)Number(session, "PRAGMA user_version");
        var isNew = application == 0 && version == 0 && Number(session, "SELECT COUNT(*) FROM sqlite_schema") == 0;
        if (!isNew && application != ApplicationId)
            throw LlmosException.Refused(
                $"'{path}' is a database of another program, not of LLMOS. Move it away, or choose another folder with --data.");
        if (version > Current)
            throw LlmosException.Refused(
                $"'{path}' was written by a newer LLMOS: its version is {version}, this one knows up to {Current}. Update LLMOS, or choose another folder with --data.");
        if (version >= wanted)
            return;

        session.Execute("BEGIN IMMEDIATE");
        for (; version < wanted; version++)
            session.Execute(Versions[version]);
        session.Execute(string.Create(
            CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {wanted}; COMMIT"));
    }

    private static long Number(SqliteSession session, string sql) =>
        Convert.ToInt64(session.Scalar(sql), CultureInfo.InvariantCulture);
}
