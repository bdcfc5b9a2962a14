namespace LLMOS.Silo.Audit;

/// <summary>The tables of the audit log.</summary>
internal static class AuditSchema
{
    /// <summary>
    /// The head, which says how many records there are and the hash of the last, stands apart from them, so that a tail
    /// that was cut off is missed.
    /// </summary>
    public const string Script =
        """
        CREATE TABLE audit (
            seq INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            principal TEXT NOT NULL,
            source INTEGER,
            destination INTEGER,
            syscall TEXT NOT NULL,
            arguments TEXT NOT NULL,
            vector_digest BLOB NOT NULL,
            tokens INTEGER NOT NULL,
            result TEXT NOT NULL,
            hash BLOB NOT NULL);
        CREATE INDEX audit_source ON audit (source, seq) WHERE source IS NOT NULL;
        CREATE INDEX audit_destination ON audit (destination, seq) WHERE destination IS NOT NULL;
        CREATE INDEX audit_syscall ON audit (syscall, seq);

        CREATE TABLE audit_head (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            count INTEGER NOT NULL,
            hash BLOB NOT NULL);
        INSERT INTO audit_head VALUES (1, 0, zeroblob(32));
        """;
}
