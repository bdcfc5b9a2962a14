using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Streams;

/// <summary>The log of VMP messages as the kernel reads it.</summary>
public sealed class SqliteMessageLog(VmpLog log) : IMessageLog
{
    /// <summary>The most messages that one query may ask for.</summary>
    public const int MaxLimit = 100_000;

    private const string Columns = "SELECT l.seq, l.state, b.body, b.vector, l.recipient, f.reason, f.replayed_as "
        + "FROM vmp_log l JOIN vmp_body b ON b.seq = COALESCE(l.body, l.seq) LEFT JOIN vmp_fault f ON f.seq = l.seq ";
    private const string Pending = Columns + "WHERE l.recipient = ? AND l.state < 2 ORDER BY l.seq";
    private const string SelectState = "SELECT state FROM vmp_log WHERE stream_key = ? AND message_id = ? AND stream_namespace = ?";
    private const string MarkConsumed =
        "UPDATE vmp_log SET state = 2 WHERE stream_key = ? AND message_id = ? AND stream_namespace = ? AND state < 2";

    private const string MarkDead =
        "UPDATE vmp_log SET state = ? WHERE stream_key = ? AND message_id = ? AND stream_namespace = ? AND state < 2 RETURNING seq";
    private const string InsertFault = "INSERT INTO vmp_fault (seq, reason) VALUES (?, ?)";
    private const string MarkReplayed = "UPDATE vmp_fault SET replayed_as = ? WHERE seq = ?";
    private const string OfSequence = Columns + "WHERE l.seq = ?";
    private const string Dead = Columns + "WHERE l.state > 2 AND l.seq > ? AND l.seq < ? ORDER BY l.seq DESC LIMIT ?";
    private const string DeadOfPid = Columns + "WHERE l.state > 2 AND l.recipient = ? AND l.seq > ? AND l.seq < ? ORDER BY l.seq DESC LIMIT ?";
    private const string DeadOfCorrelation = Columns
        + "WHERE l.state > 2 AND l.correlation_id = ?1 AND l.correlation_id <> '' AND l.seq > ?2 AND l.seq < ?5 AND (?4 IS NULL OR l.recipient = ?4) "
        + "ORDER BY l.seq DESC LIMIT ?3";

    // Each side of a PID has its own index; taking the newest of both and then of all reads at most twice the limit.
    private const string OfPid = Columns
        + "WHERE l.seq IN (SELECT seq FROM (SELECT seq FROM vmp_log WHERE recipient = ?1 AND seq > ?2 AND seq < ?5 ORDER BY seq DESC LIMIT ?3) "
        + "UNION SELECT seq FROM (SELECT seq FROM vmp_log WHERE from_pid = ?1 AND seq > ?2 AND seq < ?5 ORDER BY seq DESC LIMIT ?3)) "
        + "ORDER BY l.seq DESC LIMIT ?3";
    private const string OfCorrelation = Columns
        + "WHERE l.correlation_id = ?1 AND l.correlation_id <> '' AND l.seq > ?2 AND l.seq < ?5 ORDER BY l.seq DESC LIMIT ?3";
    private const string OfCorrelationAndPid = Columns
        + "WHERE l.correlation_id = ?1 AND l.correlation_id <> '' AND l.seq > ?2 AND l.seq < ?5 AND (l.recipient = ?4 OR l.from_pid = ?4) "
        + "ORDER BY l.seq DESC LIMIT ?3";
    private const string OfAll = Columns + "WHERE l.seq > ? AND l.seq < ? ORDER BY l.seq DESC LIMIT ?";

    /// <summary>All that is asked of the log, for the test that none of it reads the whole log.</summary>
    internal static IReadOnlyList<string> Statements { get; } =
        [Pending, SelectState, MarkConsumed, MarkDead, MarkReplayed, OfSequence, Dead, DeadOfPid, DeadOfCorrelation, OfPid, OfCorrelation, OfCorrelationAndPid, OfAll];

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedMessage>> PendingAsync(long pid, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<LoggedMessage>>(log.Store.Read(
            (pid, cancellationToken), (session, key) => List(session.Statement(Pending).Bind(key.pid), key.cancellationToken)));

    /// <inheritdoc />
    public Task<DeliveryState?> GetStateAsync(long pid, Guid messageId, CancellationToken cancellationToken = default) =>
        Task.FromResult(log.Store.Read((pid, messageId), static (session, key) =>
        {
            using var row = session.Statement(SelectState).Bind(Key(key.pid)).Bind(key.messageId).Bind(VmpStreams.MailboxNamespace);
            return row.Step() ? (DeliveryState)row.Number(0) : (DeliveryState?)null;
        }));

    /// <inheritdoc />
    public async Task MarkConsumedAsync(long pid, IReadOnlyCollection<Guid> messageIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messageIds);
        if (messageIds.Count == 0)
            return;
        var ids = messageIds.ToArray();
        var key = Key(pid);
        await log.Store.WriteAsync(
            session =>
            {
                var count = 0;
                foreach (var id in ids)
                {
                    count += session.Statement(MarkConsumed).Bind(key).Bind(id).Bind(VmpStreams.MailboxNamespace).Run();
                    SqliteTurnLog.Delete(session, pid, id);
                }
                return count;
            },
            cancellationToken: cancellationToken);
    }

    /// <inheritdoc />
    public async Task MarkDeadAsync(long pid, IReadOnlyCollection<DeadLetter> letters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(letters);
        if (letters.Count == 0)
            return;
        var copy = letters.ToArray();
        var key = Key(pid);
        await log.Store.WriteAsync(
            session =>
            {
                var count = 0;
                foreach (var letter in copy)
                {
                    SqliteTurnLog.Delete(session, pid, letter.MessageId);
                    long sequence;
                    using (var row = session.Statement(MarkDead)
                        .Bind((int)letter.State).Bind(key).Bind(letter.MessageId).Bind(VmpStreams.MailboxNamespace))
                    {
                        if (!row.Step())
                            continue;
                        sequence = row.Number(0);
                    }
                    count += session.Statement(InsertFault).Bind(sequence).Bind(letter.Reason).Run();
                }
                return count;
            },
            cancellationToken: cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> MulticastAsync(VmpMessage message, IReadOnlyList<long> recipients, CancellationToken cancellationToken = default) =>
        log.Multicasts.SendAsync(message, recipients, cancellationToken);

    /// <inheritdoc />
    public Task<LoggedMessage?> FindAsync(long sequence, CancellationToken cancellationToken = default) =>
        Task.FromResult(log.Store.Read(
            (sequence, cancellationToken),
            (session, key) => List(session.Statement(OfSequence).Bind(key.sequence), key.cancellationToken)).SingleOrDefault());

    /// <inheritdoc />
    public Task MarkReplayedAsync(long sequence, Guid replay, CancellationToken cancellationToken = default) => log.Store.WriteAsync(
        session => session.Statement(MarkReplayed).Bind(replay).Bind(sequence).Run(), cancellationToken: cancellationToken);

    /// <inheritdoc />
    /// <exception cref="LlmosException">The limit is out of its range, or the disk failed.</exception>
    public Task<IReadOnlyList<LoggedMessage>> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Limit is < 1 or > MaxLimit)
            throw LlmosException.InvalidArgument($"{query.Limit} messages cannot be shown at once. Give a limit of 1 to {MaxLimit}.");
        var messages = log.Store.Read((query, cancellationToken), (session, key) => List(Select(session, key.query), key.cancellationToken));
        messages.Reverse();
        return Task.FromResult<IReadOnlyList<LoggedMessage>>(messages);
    }

    private static string Key(long pid) => pid.ToString(CultureInfo.InvariantCulture);

    private static SqliteStatement Select(SqliteSession session, MessageQuery query) => query switch
    {
        { DeadOnly: true, CorrelationId: { Length: > 0 } correlation } =>
            session.Statement(DeadOfCorrelation).Bind(correlation).Bind(query.AfterSequence).Bind(query.Limit).Bind(query.Pid).Bind(query.BeforeSequence),
        { DeadOnly: true, Pid: { } pid } =>
            session.Statement(DeadOfPid).Bind(pid).Bind(query.AfterSequence).Bind(query.BeforeSequence).Bind(query.Limit),
        { DeadOnly: true } => session.Statement(Dead).Bind(query.AfterSequence).Bind(query.BeforeSequence).Bind(query.Limit),
        { CorrelationId: { Length: > 0 } correlation, Pid: { } pid } =>
            session.Statement(OfCorrelationAndPid).Bind(correlation).Bind(query.AfterSequence).Bind(query.Limit).Bind(pid).Bind(query.BeforeSequence),
        { CorrelationId: { Length: > 0 } correlation } =>
            session.Statement(OfCorrelation).Bind(correlation).Bind(query.AfterSequence).Bind(query.Limit).Bind((long?)null).Bind(query.BeforeSequence),
        { Pid: { } pid } =>
            session.Statement(OfPid).Bind(pid).Bind(query.AfterSequence).Bind(query.Limit).Bind((long?)null).Bind(query.BeforeSequence),
        _ => session.Statement(OfAll).Bind(query.AfterSequence).Bind(query.BeforeSequence).Bind(query.Limit),
    };

    private List<LoggedMessage> List(SqliteStatement rows, CancellationToken cancellationToken)
    {
        using (rows)
        {
            var messages = new List<LoggedMessage>();
            while (rows.Step())
            {
                cancellationToken.ThrowIfCancellationRequested();
                messages.Add(new LoggedMessage(
                    rows.Number(0),
                    VmpMessageCodec.CopyFor(log.Codec.Decode(rows.Blob(2), rows.Blob(3)), rows.IsNull(4) ? null : rows.Number(4)),
                    (DeliveryState)rows.Number(1))
                {
                    Reason = rows.IsNull(5) ? "" : rows.Text(5),
                    ReplayedAs = rows.IsNull(6) ? null : rows.Id(6),
                });
            }
            return messages;
        }
    }
}
