namespace LLMOS.Silo.Embeddings;

/// <summary>The tables of the embedding store.</summary>
internal static class EmbeddingSchema
{
    public const string Script =
        """
        CREATE TABLE embedding_collection (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            dimension INTEGER NOT NULL,
            distance INTEGER NOT NULL,
            embedder TEXT NOT NULL,
            owner TEXT NOT NULL,
            shared INTEGER NOT NULL,
            created INTEGER NOT NULL,
            -- Names this collection and no other of any store, for what is kept beside the store.
            identity TEXT NOT NULL,
            records INTEGER NOT NULL,
            -- Removals up to this number are forgotten.
            forgotten INTEGER NOT NULL);

        -- The log of vectors: a record that is written again has a new id, and the old one is among the removals.
        CREATE TABLE embedding (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            collection INTEGER NOT NULL,
            key TEXT NOT NULL,
            metadata TEXT NOT NULL,
            text TEXT NOT NULL,
            vector BLOB NOT NULL);
        CREATE UNIQUE INDEX embedding_key ON embedding (collection, key);
        CREATE INDEX embedding_of ON embedding (collection, id);

        CREATE TABLE embedding_removal (
            removal INTEGER PRIMARY KEY AUTOINCREMENT,
            collection INTEGER NOT NULL,
            id INTEGER NOT NULL);
        CREATE INDEX embedding_removal_of ON embedding_removal (collection, removal);

        CREATE VIRTUAL TABLE embedding_words USING fts5 (scope, text, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2');
        """;

    /// <summary>Collections that were removed, as long as an index of them may still be kept somewhere.</summary>
    public const string Dropped = "CREATE TABLE embedding_dropped (identity TEXT PRIMARY KEY) WITHOUT ROWID;";
}
