using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Audit;

/// <summary>
/// The chain of the audit log: the hash of each record is SHA-256 over the hash of the one before it and its own bytes,
/// so that none can be changed, taken out or moved without the hashes of all after it.
/// </summary>
internal static class AuditChain
{
    public const int HashLength = SHA256.HashSizeInBytes;

    private const string SelectHead = "SELECT count, hash FROM audit_head WHERE id = 1";
    private const string UpdateHead = "UPDATE audit_head SET count = ?, hash = ? WHERE id = 1";
    private const string Insert =
        "INSERT INTO audit (seq, at, principal, source, destination, syscall, arguments, vector_digest, tokens, result, hash) "
        + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    // A result is a sentence; one that is longer is somebody's text inside of it.
    private const int LongestResult = 1_000;

    // The bytes of a record of this form begin with it; another form would have another number.
    private const byte Form = 1;

    /// <summary>Appends records, inside the transaction of whoever calls.</summary>
    /// <returns>How many records there are then.</returns>
    /// <exception cref="LlmosException">The head is gone.</exception>
    public static long Append(SqliteSession session, IReadOnlyList<AuditEntry> entries)
    {
        if (entries.Count == 0)
            return 0;
        Span<byte> hash = stackalloc byte[HashLength];
        var count = Head(session, hash);
        foreach (var given in entries)
        {
            var entry = Storable(given);
            count++;
            Next(hash, count, entry);
            session.Statement(Insert)
                .Bind(count).Bind(entry.At.UtcTicks).Bind(entry.Principal).Bind(entry.Source).Bind(entry.Destination)
                .Bind(entry.Syscall).Bind(entry.Arguments).Bind(entry.VectorDigest.AsSpan()).Bind(entry.Tokens).Bind(entry.Result).Bind(hash)
                .Run();
        }
        session.Statement(UpdateHead).Bind(count).Bind(hash).Run();
        return count;
    }

    /// <summary>Reads the head: how many records there are, and into the span the hash of the last.</summary>
    /// <exception cref="LlmosException">It is gone, or no hash.</exception>
    public static long Head(SqliteSession session, Span<byte> hash)
    {
        using var row = session.Statement(SelectHead);
        if (!row.Step() || row.Blob(1) is not { Length: HashLength } stored)
            throw LlmosException.Refused("The head of the audit log is gone or damaged: somebody changed the database. Put a backup in its place; nothing is done that cannot be recorded.");
        stored.CopyTo(hash);
        return row.Number(0);
    }

    /// <summary>Replaces the hash of the record before by that of a record.</summary>
    public static void Next(Span<byte> hash, long sequence, AuditEntry entry)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        bytes.Write(hash);
        bytes.Write([Form]);
        Write(bytes, sequence);
        Write(bytes, entry.At.UtcTicks);
        Write(bytes, entry.Principal);
        Write(bytes, entry.Source);
        Write(bytes, entry.Destination);
        Write(bytes, entry.Syscall);
        Write(bytes, entry.Arguments);
        Write(bytes, entry.VectorDigest.Length);
        bytes.Write(entry.VectorDigest.AsSpan());
        Write(bytes, entry.Tokens);
        Write(bytes, entry.Result);
        SHA256.HashData(bytes.WrittenSpan, hash);
    }

    // A text that SQLite would give back otherwise than it was given would look as if it had been altered.
    private static AuditEntry Storable(AuditEntry entry) => entry with
    {
        Principal = Storable(entry.Principal),
        Syscall = Storable(entry.Syscall),
        Arguments = Storable(entry.Arguments),
        Result = Storable(entry.Result.Length <= LongestResult ? entry.Result : entry.Result[..LongestResult] + "…"),
        VectorDigest = entry.VectorDigest.IsDefault ? [] : entry.VectorDigest,
    };

    private static string Storable(string text) => text.Replace('\0', '\uFFFD');

    private static void Write(ArrayBufferWriter<byte> bytes, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(sizeof(long)), value);
        bytes.Advance(sizeof(long));
    }

    private static void Write(ArrayBufferWriter<byte> bytes, long? value)
    {
        bytes.Write([value is null ? (byte)0 : (byte)1]);
        Write(bytes, value ?? 0);
    }

    private static void Write(ArrayBufferWriter<byte> bytes, string text)
    {
        Write(bytes, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, bytes);
    }
}
