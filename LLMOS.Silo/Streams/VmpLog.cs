using System.Collections.Concurrent;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Audit;
using LLMOS.Silo.Storage;
using Orleans.Configuration;
using Orleans.Streams;

namespace LLMOS.Silo.Streams;

/// <summary>
/// The append-only log of VMP messages in a store. There is one for a store, whatever the number of silos that share it.
/// A message is in the log when the task of its append completes; opening the log queues every message again that was not
/// consumed before.
/// </summary>
public sealed class VmpLog : IDisposable
{
    private const string Insert =
        "INSERT INTO vmp_log (queue, stream_namespace, stream_key, recipient, message_id, from_pid, correlation_id, logged_at, state) "
        + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING RETURNING seq";
    private const string InsertBody = "INSERT INTO vmp_body (seq, body, vector) VALUES (?, ?, ?)";
    private const string MarkDelivered = "UPDATE vmp_log SET state = ? WHERE seq = ? AND state < ?";

    private readonly SqliteStore _store;
    private readonly HashRingBasedStreamQueueMapper _mapper;
    private readonly VmpQueueTail[] _tails;
    private readonly VmpLogRetention _retention;
    private readonly ConcurrentQueue<(long Sequence, DeliveryState State)> _delivered = new();
    private int _deliveredScheduled;

    private VmpLog(SqliteStore store, VmpStreamOptions options)
    {
        options.Validate();
        _store = store;
        _mapper = new HashRingBasedStreamQueueMapper(
            new HashRingStreamQueueMapperOptions { TotalQueueCount = options.QueueCount }, VmpStreams.Provider);
        Multicasts = new VmpMulticasts(this, QueueOf);
        var last = store.WriteAsync(session =>
        {
            Multicasts.Finish(session);
            return VmpLogRecovery.Run(session, options.QueueCount, QueueOf);
        }).GetAwaiter().GetResult();
        _tails = Enumerable.Range(0, options.QueueCount).Select(_ => new VmpQueueTail(last)).ToArray();
        _retention = new VmpLogRetention(store, options);
    }

    internal VmpMessageCodec Codec { get; } = new();

    internal VmpMulticasts Multicasts { get; }

    internal IStreamQueueMapper Mapper => _mapper;

    internal SqliteStore Store => _store;

    /// <summary>The log of a store; the first call opens it, with its options.</summary>
    /// <exception cref="LlmosException">An option is out of its range, or the store failed.</exception>
    public static VmpLog In(SqliteStore store, VmpStreamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.Attach(opened => new VmpLog(opened, options ?? new VmpStreamOptions()));
    }

    /// <summary>Appends messages to a stream, in one transaction. One that the stream's log has already is left out.</summary>
    /// <returns>How many were new. All of them are durable when the task completes.</returns>
    /// <exception cref="LlmosException">A message has no id, the stream is a mailbox of no PID, or the store failed.</exception>
    public Task<int> AppendAsync(StreamId stream, params IReadOnlyList<VmpMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
            return Task.FromResult(0);

        var streamNamespace = stream.GetNamespace() ?? "";
        var key = stream.GetKeyAsString();
        var recipient = VmpStreamIds.TryGetPid(stream, out var pid) ? pid : (long?)null;
        if (recipient is null && streamNamespace == VmpStreams.MailboxNamespace)
            throw LlmosException.InvalidArgument($"'{key}' is no mailbox: a mailbox's key is a PID. Publish to that of a process, see ps.");

        var encoded = new (byte[] Body, byte[] Vector)[messages.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            if (messages[i].MessageId == Guid.Empty)
                throw LlmosException.InvalidArgument($"The message from PID {messages[i].From} to '{stream}' has no id. Give it one, so that a repeated one is recognised.");
            encoded[i] = Codec.Encode(messages[i]);
        }
        var principal = CallerContext.Behalf?.Principal ?? Caller.KernelPrincipal;
        var audit = Array.ConvertAll(encoded, static body => AuditOfMessage.DigestOf(body.Vector));
        var queue = QueueOf(stream);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        return CountAsync(_store.WriteAsync(
            session =>
            {
                var added = new List<VmpLogEntry>(messages.Count);
                var records = new List<AuditEntry>(messages.Count);
                for (var i = 0; i < encoded.Length; i++)
                {
                    var message = messages[i];
                    long sequence;
                    using (var row = session.Statement(Insert)
                        .Bind(queue).Bind(streamNamespace).Bind(key).Bind(recipient)
                        .Bind(message.MessageId).Bind(message.From).Bind(message.CorrelationId).Bind(now))
                    {
                        if (!row.Step())
                            continue;
                        sequence = row.Number(0);
                    }
                    session.Statement(InsertBody).Bind(sequence).Bind(encoded[i].Body).Bind(encoded[i].Vector).Run();
                    added.Add(new VmpLogEntry(sequence, stream, message));
                    records.Add(AuditOfMessage.Describe(message, recipient, principal, audit[i]));
                }
                AuditChain.Append(session, records);
                return added;
            },
            added =>
            {
                if (added.Count > 0)
                    _tails[queue].Add(added);
            }));

        static async Task<int> CountAsync(Task<List<VmpLogEntry>> added) => (await added).Count;
    }

    public void Dispose()
    {
        _retention.Dispose();
        Codec.Dispose();
    }

    internal VmpQueueTail Tail(int queue) => _tails[queue];

    internal VmpQueueTail Tail(QueueId queue) => _tails[queue.GetNumericId()];

    /// <summary>Notes that messages came to their recipients: those of a mailbox stay until they are consumed, others are done.</summary>
    internal void Delivered(IEnumerable<VmpLogEntry> entries)
    {
        foreach (var entry in entries)
        {
            _delivered.Enqueue((
                entry.Sequence,
                VmpStreamIds.TryGetPid(entry.Stream, out _) ? DeliveryState.Delivered : DeliveryState.Consumed));
        }

        if (!_delivered.IsEmpty && Interlocked.Exchange(ref _deliveredScheduled, 1) == 0)
            _ = WriteDeliveredAsync();
    }

    private async Task WriteDeliveredAsync()
    {
        List<(long Sequence, DeliveryState State)>? notes = null;
        try
        {
            await _store.DeferAsync(session =>
            {
                notes ??= TakeDelivered();
                foreach (var (sequence, state) in notes)
                    session.Statement(MarkDelivered).Bind((int)state).Bind(sequence).Bind((int)state).Run();
                return notes.Count;
            });
        }
        catch (LlmosException)
        {
            // A note that is lost means a second delivery after the next start, which the recipient recognises.
            Volatile.Write(ref _deliveredScheduled, 0);
        }
    }

    private List<(long Sequence, DeliveryState State)> TakeDelivered()
    {
        Volatile.Write(ref _deliveredScheduled, 0);
        var notes = new List<(long, DeliveryState)>();
        while (_delivered.TryDequeue(out var note))
            notes.Add(note);
        return notes;
    }

    private int QueueOf(StreamId stream) => (int)_mapper.GetQueueForStream(stream).GetNumericId();
}
