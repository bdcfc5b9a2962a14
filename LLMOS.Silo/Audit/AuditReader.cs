using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Audit;

/// <summary>Reads the audit log, and holds it against its hashes.</summary>
internal static class AuditReader
{
    private const string Columns =
        "SELECT seq, at, principal, source, destination, syscall, arguments, vector_digest, tokens, result, hash FROM audit ";
    private const string All = Columns + "ORDER BY seq";
    private const string Filtered = Columns + "WHERE at >= ?1 AND at <= ?2 AND seq > ?6 AND seq < ?7 ";

    // The newest of each index, and of these the newest.
    private const string OfPid = "AND seq IN (SELECT seq FROM audit WHERE source = ?4 UNION SELECT seq FROM audit WHERE destination = ?4) ";
    private const string OfSyscall = "AND syscall = ?5 ";
    private const string Newest = "ORDER BY seq DESC LIMIT ?3";
    private const string Oldest = "ORDER BY seq LIMIT ?3";

    public static ImmutableArray<AuditRecord> Query(SqliteSession session, AuditQuery query, CancellationToken cancellationToken)
    {
        var sql = Filtered + (query.Pid is null ? "" : OfPid) + (query.Syscall is null ? "" : OfSyscall) + (query.OldestFirst ? Oldest : Newest);
        var statement = session.Statement(sql)
            .Bind(query.Since?.UtcTicks ?? long.MinValue).Bind(query.Until?.UtcTicks ?? long.MaxValue).Bind(query.Limit);
        statement.Bind(query.Pid);
        _ = query.Syscall is { } syscall ? statement.Bind(syscall) : statement.BindNull();
        statement.Bind(query.AfterSequence).Bind(query.BeforeSequence);
        using var rows = statement;
        var found = ImmutableArray.CreateBuilder<AuditRecord>();
        while (rows.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.Add(new AuditRecord { Sequence = rows.Number(0), Entry = Entry(rows), Hash = [.. rows.Blob(10)] });
        }

        if (!query.OldestFirst)
            found.Reverse();
        return found.ToImmutable();
    }

    public static AuditVerification Verify(SqliteSession session, CancellationToken cancellationToken)
    {
        // One snapshot for the records and the head.
        session.Statement("BEGIN").Run();
        try
        {
            return VerifySnapshot(session, cancellationToken);
        }
        finally
        {
            session.Statement("COMMIT").Run();
        }
    }

    private static AuditVerification VerifySnapshot(SqliteSession session, CancellationToken cancellationToken)
    {
        Span<byte> head = stackalloc byte[AuditChain.HashLength];
        Span<byte> hash = stackalloc byte[AuditChain.HashLength];
        Span<byte> before = stackalloc byte[AuditChain.HashLength];
        hash.Clear();
        long count;
        try
        {
            count = AuditChain.Head(session, head);
        }
        catch (LlmosException gone)
        {
            return new AuditVerification(0, [], 0, gone.Message);
        }

        var verified = 0L;
        using var rows = session.Statement(All);
        while (rows.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var sequence = rows.Number(0);
            if (sequence < 1)
                return Broken(verified, hash, sequence, "was added: the records begin with 1");
            if (sequence != verified + 1)
                return Broken(verified, hash, verified + 1, Text($"is missing: the one after {verified} is {sequence}"));
            if (sequence > count)
                return Broken(verified, hash, sequence, Text($"was added: the head says that there are {count}"));
            hash.CopyTo(before);
            AuditChain.Next(hash, sequence, Entry(rows));
            if (!hash.SequenceEqual(rows.Blob(10)))
                return Broken(verified, before, sequence, "was altered, or is not the one that was in its place");
            verified = sequence;
        }

        if (verified < count)
            return Broken(verified, hash, verified + 1, Text($"is missing: the head says that there are {count}, and the log ends with {verified}"));
        return hash.SequenceEqual(head)
            ? new AuditVerification(verified, [.. hash], null, "")
            : Broken(verified, hash, verified, "is not the last that the head knows: it, or the head, was put in place by somebody else");
    }

    private static AuditVerification Broken(long verified, ReadOnlySpan<byte> hash, long at, string what) =>
        new(verified, [.. hash], at, Text($"Record {at} {what}."));

    private static AuditEntry Entry(SqliteStatement row) => new()
    {
        At = new DateTimeOffset(Math.Clamp(row.Number(1), DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero),
        Principal = row.Text(2),
        Source = row.IsNull(3) ? null : row.Number(3),
        Destination = row.IsNull(4) ? null : row.Number(4),
        Syscall = row.Text(5),
        Arguments = row.Text(6),
        VectorDigest = [.. row.Blob(7)],
        Tokens = row.Number(8),
        Result = row.Text(9),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
