using System.Runtime.InteropServices;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Audit;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Streams;

/// <summary>
/// Messages with many recipients. The first transaction stores the message once, the list of its recipients and the copies
/// of the first of them; each further one stores the copies of the next and moves the cursor. A copy is a row of the log
/// that shares the message's body. What a crash cut short is finished when the log is opened, before anything else
/// happens to it, so that what a sender sent later comes later.
/// </summary>
internal sealed class VmpMulticasts(VmpLog log, Func<StreamId, int> queueOf)
{
    /// <summary>Recipients that one transaction serves: other writers wait no longer than it takes.</summary>
    internal const int Chunk = 1_000;

    private const string InsertCopy =
        "INSERT INTO vmp_log (queue, stream_namespace, stream_key, recipient, message_id, from_pid, correlation_id, logged_at, state, body) "
        + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING RETURNING seq";
    private const string Begin =
        "INSERT INTO vmp_multicast (message_id, from_pid, correlation_id, recipients, count, next, rows) VALUES (?, ?, ?, ?, ?, 0, 0) "
        + "ON CONFLICT DO NOTHING";
    private const string InsertBody = "INSERT INTO vmp_body (seq, body, vector) SELECT -id, ?, ? FROM vmp_multicast WHERE message_id = ?";
    private const string Columns = "SELECT id, message_id, from_pid, correlation_id, recipients, next FROM vmp_multicast ";
    private const string OfMessage = Columns + "WHERE message_id = ?";
    private const string Open = Columns + "WHERE next < count ORDER BY id LIMIT 1";
    private const string Advance = "UPDATE vmp_multicast SET next = ?, rows = rows + ? WHERE id = ?";
    private const string Release = "UPDATE vmp_multicast SET rows = rows - 1 WHERE id = ? RETURNING rows = 0 AND next = count";

    /// <summary>Logs a copy for each recipient and hands it to its queue.</summary>
    /// <returns>How many recipients the message has: those of the first call with its id.</returns>
    public async Task<int> SendAsync(VmpMessage message, IReadOnlyList<long> recipients, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(recipients);
        if (recipients.Count == 0)
            throw LlmosException.InvalidArgument($"The message {message.MessageId} has no recipients. Name one or more.");
        if (message.MessageId == Guid.Empty)
            throw LlmosException.InvalidArgument($"The message from PID {message.From} to '{message.Group}' has no id. Give it one, so that a repeated one is recognised.");

        var list = MemoryMarshal.AsBytes(recipients.ToArray().AsSpan()).ToArray();
        var (body, vector) = log.Codec.Encode(message);
        var audit = AuditOfMessage.Describe(message, recipient: null, CallerContext.Behalf?.Principal ?? Caller.KernelPrincipal, AuditOfMessage.DigestOf(vector));
        while (true)
        {
            var written = await log.Store.WriteAsync(
                session =>
                {
                    if (session.Statement(Begin).Bind(message.MessageId).Bind(message.From).Bind(message.CorrelationId).Bind(list).Bind(recipients.Count).Run() > 0)
                    {
                        session.Statement(InsertBody).Bind(body).Bind(vector).Bind(message.MessageId).Run();
                        AuditChain.Append(session, [audit]);
                    }
                    var multicast = Read(session.Statement(OfMessage).Bind(message.MessageId))!;
                    return (Added: Copy(session, multicast, message), multicast.Recipients.Length, IsDone: multicast.Next + Chunk >= multicast.Recipients.Length);
                },
                written => Deliver(written.Added),
                cancellationToken);
            if (written.IsDone)
                return written.Length;

            // What was begun is brought to its end.
            cancellationToken = CancellationToken.None;
        }
    }

    /// <summary>Logs the copies that a crash kept from being logged.</summary>
    public void Finish(SqliteSession session)
    {
        while (Read(session.Statement(Open)) is { } multicast)
            Copy(session, multicast, message: null);
    }

    /// <summary>A copy has left the log; with the last one the body goes.</summary>
    public static void ReleaseBody(SqliteSession session, long body)
    {
        bool isLast;
        using (var row = session.Statement(Release).Bind(-body))
            isLast = row.Step() && row.Number(0) != 0;
        if (isLast)
        {
            session.Statement("DELETE FROM vmp_multicast WHERE id = ?").Bind(-body).Run();
            session.Statement("DELETE FROM vmp_body WHERE seq = ?").Bind(body).Run();
        }
    }

    /// <summary>Logs the copies of the next recipients and moves the cursor.</summary>
    private List<(int Queue, VmpLogEntry Entry)> Copy(SqliteSession session, Multicast multicast, VmpMessage? message)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var end = Math.Min(multicast.Next + Chunk, multicast.Recipients.Length);
        var added = new List<(int, VmpLogEntry)>(Math.Max(0, end - multicast.Next));
        var rows = 0;
        for (var i = multicast.Next; i < end; i++)
        {
            var pid = multicast.Recipients[i];
            var stream = VmpStreamIds.Mailbox(pid);
            var queue = queueOf(stream);
            using var row = session.Statement(InsertCopy)
                .Bind(queue).Bind(VmpStreams.MailboxNamespace).Bind(stream.GetKeyAsString()).Bind(pid)
                .Bind(multicast.MessageId).Bind(multicast.From).Bind(multicast.CorrelationId).Bind(now).Bind(-multicast.Id);
            if (!row.Step())
                continue;
            rows++;
            if (message is not null)
                added.Add((queue, new VmpLogEntry(row.Number(0), stream, VmpMessageCodec.CopyFor(message, pid))));
        }
        if (end > multicast.Next)
            session.Statement(Advance).Bind(end).Bind(rows).Bind(multicast.Id).Run();
        return added;
    }

    private void Deliver(List<(int Queue, VmpLogEntry Entry)> added)
    {
        foreach (var queue in added.GroupBy(copy => copy.Queue))
            log.Tail(queue.Key).Add([.. queue.Select(copy => copy.Entry)]);
    }

    private static Multicast? Read(SqliteStatement row)
    {
        using (row)
        {
            return row.Step()
                ? new Multicast(
                    row.Number(0), row.Id(1), row.Number(2), row.Text(3), MemoryMarshal.Cast<byte, long>(row.Blob(4)).ToArray(), (int)row.Number(5))
                : null;
        }
    }

    private sealed record Multicast(long Id, Guid MessageId, long From, string CorrelationId, long[] Recipients, int Next);
}
