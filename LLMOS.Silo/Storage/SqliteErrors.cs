using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LLMOS.Silo.Storage;

/// <summary>What SQLite's result codes mean to the person who runs the node.</summary>
internal static class SqliteErrors
{
    public static LlmosException Explain(SqliteException exception, string path) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => new(
            LlmosErrorCode.ResourceExhausted,
            $"There is no room left for '{path}': the write was not stored. Free space on its disk or raise the store's limit, then repeat it.",
            exception),
        raw.SQLITE_READONLY => new(
            LlmosErrorCode.FailedPrecondition,
            $"'{path}' cannot be written: the file or its folder is read-only. Make it writable or choose another folder with --data.",
            exception),
        raw.SQLITE_NOTADB => new(
            LlmosErrorCode.FailedPrecondition,
            $"'{path}' is not an LLMOS database. Move it away, or choose another folder with --data.",
            exception),
        raw.SQLITE_CORRUPT => new(
            LlmosErrorCode.FailedPrecondition,
            $"'{path}' is damaged ({exception.Message.TrimEnd('.')}). Put a backup in its place, or choose another folder with --data.",
            exception),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(
            LlmosErrorCode.Unavailable,
            $"Another program has locked '{path}'. Close it, then repeat the request.",
            exception),
        raw.SQLITE_CANTOPEN => new(
            LlmosErrorCode.FailedPrecondition,
            $"'{path}' cannot be opened. Check that it is a file and that its folder can be read and written, or choose another one with --data.",
            exception),
        raw.SQLITE_IOERR => new(
            LlmosErrorCode.Unavailable,
            $"The disk under '{path}' failed (SQLite code {exception.SqliteExtendedErrorCode}): the write was not stored. Check the disk and its free space, then repeat it.",
            exception),
        _ => new(LlmosErrorCode.Internal, $"The database '{path}' refused a statement: {exception.Message}", exception),
    };
}
