using LLMOS.Kernel.Messaging;
using Orleans.Streams;

namespace LLMOS.Silo.Streams;

/// <summary>
/// Reads the messages of one queue in the order of the log: from memory when it keeps up, from the file when it does not.
/// It starts with whatever is not consumed.
/// </summary>
internal sealed partial class VmpQueueReceiver(
    VmpLog log, QueueId queue, VmpQueueFlow flow, Action<VmpQueueReceiver> closed, ILogger<VmpQueueReceiver> logger) : IQueueAdapterReceiver
{
    // A batch is one call to its recipient, which has half a minute for it.
    private const int MaxBatch = 64;
    internal const string Select =
        "SELECT l.seq, l.stream_namespace, l.stream_key, b.body, b.vector, b.seq, l.recipient FROM vmp_log l JOIN vmp_body b ON b.seq = COALESCE(l.body, l.seq) "
        + "WHERE l.queue = ? AND l.seq > ? AND l.state < 2 ORDER BY l.seq LIMIT ?";

    // Behind whatever is in memory: what is there may have been consumed since, which only the file knows.
    private const long Beginning = -1;

    private static readonly TimeSpan WaitForMessages = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WaitForRoom = TimeSpan.FromSeconds(1);

    private readonly VmpQueueTail _tail = log.Tail(queue);
    private long _read = Beginning;
    private int _rewind;
    private (long Body, VmpMessage? Message) _shared;

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    /// <summary>Waits for messages and for room to keep them in; empty when neither comes for a while.</summary>
    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (appended, freed) = (_tail.Changed, flow.Changed);
            var max = Math.Min(maxCount, flow.Room);
            if (max > 0)
            {
                var entries = Read(max);
                if (entries.Count > 0)
                    return Batch(entries);
            }
            try
            {
                await (max > 0 ? appended.WaitAsync(WaitForMessages, cancellationToken) : freed.WaitAsync(WaitForRoom, cancellationToken));
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                // Nothing came, or the agent is being stopped.
                return [];
            }
        }
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages)
    {
        // What comes here is what nobody read. A topic without subscribers is done with it; a mailbox has a process always, which
        // could not be found in time: while a silo dies, for one.
        var isMissed = false;
        foreach (var batch in messages.Cast<VmpBatchContainer>())
        {
            if (VmpStreamIds.TryGetPid(batch.StreamId, out var pid))
            {
                LogNoProcess(logger, pid, batch.Count);
                isMissed = true;
            }
            else
            {
                log.Delivered(batch.Entries);
            }
        }
        if (isMissed)
            Rewind();
        return Task.CompletedTask;
    }

    public Task Shutdown(TimeSpan timeout)
    {
        closed(this);
        return Task.CompletedTask;
    }

    /// <summary>Delivers again what is not consumed; recipients drop what they have already.</summary>
    public void Rewind()
    {
        Volatile.Write(ref _rewind, 1);
        _tail.Wake();
    }

    private static List<IBatchContainer> Batch(List<VmpLogEntry> entries) => entries
        .GroupBy(entry => entry.Stream)
        .SelectMany(stream => stream.Chunk(MaxBatch))
        .Select(IBatchContainer (chunk) => new VmpBatchContainer(
            chunk[0].Stream,
            Array.ConvertAll(chunk, entry => entry.Sequence),
            Array.ConvertAll(chunk, entry => entry.Message)))
        .ToList();

    private List<VmpLogEntry> Read(int max)
    {
        if (Interlocked.Exchange(ref _rewind, 0) != 0)
            _read = Beginning;
        var entries = new List<VmpLogEntry>();
        while (!_tail.TryTake(_read, max, entries))
        {
            // What the tail does not have was committed before the floor was asked for, so the file has it.
            var floor = _tail.Floor;
            var last = ReadFile(max, entries, out var isEnd);
            _read = isEnd ? Math.Max(floor, last) : last;
            if (entries.Count > 0)
                return entries;
        }
        if (entries.Count > 0)
            _read = entries[^1].Sequence;
        return entries;
    }

    private long ReadFile(int max, List<VmpLogEntry> entries, out bool isEnd)
    {
        (long Last, bool IsEnd) result = log.Store.Read((Receiver: this, max, entries), static (session, argument) =>
        {
            var (receiver, max, entries) = argument;
            using var rows = session.Statement(Select).Bind(receiver.QueueNumber).Bind(receiver._read).Bind(max);
            var (last, count) = (receiver._read, 0);
            while (rows.Step())
            {
                last = rows.Number(0);
                count++;
                if (receiver.Decode(rows, last) is { } message)
                    entries.Add(new VmpLogEntry(last, Orleans.Runtime.StreamId.Create(rows.Text(1), rows.Text(2)), message));
            }
            return (last, count < max);
        });
        isEnd = result.IsEnd;
        return result.Last;
    }

    private long QueueNumber => queue.GetNumericId();

    private VmpMessage? Decode(Storage.SqliteStatement row, long sequence)
    {
        try
        {
            // Copies of a multicast follow each other.
            var body = row.Number(5);
            if (body != _shared.Body)
                _shared = (body, log.Codec.Decode(row.Blob(3), row.Blob(4)));
            return VmpMessageCodec.CopyFor(_shared.Message!, row.IsNull(6) ? null : row.Number(6));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // One message that cannot be read must not keep those behind it.
            LogUnreadable(logger, sequence, exception);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Sequence} of the VMP log cannot be read and is not delivered: it was written by another version of LLMOS or is damaged.")]
    private static partial void LogUnreadable(ILogger logger, long sequence, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages to PID {Pid} found no process that takes them in time; they are delivered again.")]
    private static partial void LogNoProcess(ILogger logger, long pid, int count);
}
