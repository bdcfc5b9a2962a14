namespace LLMOS.Silo.Files;

/// <summary>The tables of VectorFS.</summary>
internal static class FileSchema
{
    public const long RootId = 1;

    public const string Script =
        """
        -- What was removed keeps its rows, for searches of how it was.
        CREATE TABLE file_node (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            parent INTEGER NOT NULL,
            name TEXT NOT NULL,
            kind INTEGER NOT NULL,
            owner TEXT NOT NULL,
            shared INTEGER NOT NULL,
            version INTEGER NOT NULL,
            length INTEGER NOT NULL,
            created INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            removed INTEGER);
        CREATE UNIQUE INDEX file_node_at ON file_node (parent, name) WHERE removed IS NULL;
        INSERT INTO file_node VALUES (1, 0, '', 0, 'kernel', 0, 0, 0, 0, 0, NULL);

        CREATE TABLE file_version (
            node INTEGER NOT NULL,
            version INTEGER NOT NULL,
            at INTEGER NOT NULL,
            author TEXT NOT NULL,
            change TEXT NOT NULL,
            length INTEGER NOT NULL,
            content TEXT NOT NULL,
            PRIMARY KEY (node, version));

        -- The log of vectors: a row is in use until it has the number of its removal.
        CREATE TABLE file_chunk (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            node INTEGER NOT NULL,
            parent INTEGER NOT NULL,
            line INTEGER NOT NULL,
            text TEXT NOT NULL,
            vector BLOB NOT NULL,
            at INTEGER NOT NULL,
            gone_at INTEGER,
            gone INTEGER);
        CREATE INDEX file_chunk_of ON file_chunk (node) WHERE gone IS NULL;
        CREATE INDEX file_chunk_gone ON file_chunk (gone, id) WHERE gone IS NOT NULL;

        CREATE VIRTUAL TABLE file_words USING fts5 (text, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2');
        """;

    /// <summary>Links: further names of a file, which are rows of their own that refer to it, and names that stand for a path.</summary>
    public const string Links =
        """
        ALTER TABLE file_node ADD COLUMN links INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE file_node ADD COLUMN inode INTEGER;
        ALTER TABLE file_node ADD COLUMN target TEXT;
        CREATE INDEX file_node_names ON file_node (inode) WHERE inode IS NOT NULL AND removed IS NULL;

        -- Each name of a file has its pieces in the directory that it lies in: the row of the name, where that is not the inode's own.
        ALTER TABLE file_chunk ADD COLUMN entry INTEGER;
        """;
}
