using LLMOS.Client;
using LLMOS.Client.Watching;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Http.Vapi;

namespace LLMOS.Silo.Http.Live;

/// <summary>
/// What happens, for any number of listeners: syscalls and messages as the audit log has them, each with its place there, so that a listener who comes back misses none; and changes of
/// processes as samples show them, which are not kept. The log is read once for all.
/// </summary>
internal sealed partial class EventFeed : IDisposable
{
    public const string Syscall = "syscall";
    public const string Message = "message";
    public const string Process = "process";
    public const string Turn = "turn";

    private const string MessageRecord = "message";
    private const int Capacity = 4_096;
    private const int Window = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly LlmosClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger<EventFeed> _logger;
    private readonly LiveBoard _board;
    private readonly SharedLoop _loop;
    private readonly Pulse _pulse = new();
    private readonly Lock _gate = new();
    private readonly Queue<EventFrame> _recent = new();
    private long _nextPlace;
    private long _head = -1;

    public EventFeed(LlmosClient client, LiveBoard board, TimeProvider time, ILogger<EventFeed> logger, IHostApplicationLifetime lifetime)
    {
        _client = client;
        _time = time;
        _logger = logger;
        _board = board;
        _board.Changed += NoteChange;
        _loop = new SharedLoop(RunAsync, lifetime.ApplicationStopping);
    }

    /// <summary>The kinds of events there are.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Syscall, Message, Process, Turn];

    /// <summary>Sends events until the listener goes away.</summary>
    /// <param name="stream">The response.</param>
    /// <param name="after">Records of the audit log after this one are sent first; null for what comes from now on.</param>
    /// <param name="kinds">Which kinds.</param>
    public async Task SendAsync(EventStream stream, long? after, IReadOnlySet<string> kinds)
    {
        using var lease = _loop.Lease();
        using var samples = kinds.Contains(Process) || kinds.Contains(Turn) ? _board.Watch() : null;
        if (samples is not null)
        {
            await _board.ReadyAsync(stream.Aborted);
        }

        var head = await AsServer.CallAsync(HeadAsync);
        var last = after is { } asked ? Math.Min(asked, head) : head;
        long place;
        lock (_gate)
        {
            place = _nextPlace;
        }

        await stream.BeginAsync();
        var behind = last < head;
        while (!stream.Aborted.IsCancellationRequested)
        {
            while (behind)
            {
                var missed = await AsServer.CallAsync(() => ReadAsync(last));
                foreach (var frame in missed)
                {
                    last = frame.Sequence!.Value;
                    if (kinds.Contains(frame.Kind))
                    {
                        await stream.SendAsync(frame.Bytes);
                    }
                }

                behind = missed.Count > 0;
            }

            var beat = _pulse.Next;
            var frames = Since(ref place, last, out behind);
            foreach (var frame in frames)
            {
                last = frame.Sequence ?? last;
                if (kinds.Contains(frame.Kind))
                {
                    await stream.SendAsync(frame.Bytes);
                }
            }

            if (!behind && frames.Count == 0 && !await Pulse.WaitAsync(beat, EventStream.Silence, stream.Aborted))
            {
                await stream.SendAsync(EventFrame.KeepAlive);
            }
        }
    }

    public void Dispose()
    {
        _board.Changed -= NoteChange;
        _loop.Dispose();
    }

    /// <summary>What came after a place; whoever is so far behind that it is gone has to read the log.</summary>
    private List<EventFrame> Since(ref long place, long last, out bool behind)
    {
        lock (_gate)
        {
            var oldest = _nextPlace - _recent.Count;
            var since = Math.Max(place, oldest);
            List<EventFrame> frames = since == _nextPlace ? [] : [.. _recent.Skip((int)(since - oldest)).Where(frame => frame.Sequence is null || frame.Sequence > last)];
            behind = place < oldest || (frames.Find(frame => frame.Sequence is not null) is { Sequence: { } first } && first > last + 1);

            // What is here is sent once the log has been read up to it.
            place = behind ? since : _nextPlace;
            return behind ? [] : frames;
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _head, -1);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await TakeAsync();
                await Task.Delay(Interval, _time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
            }
            catch (Exception away) when (away is not OutOfMemoryException)
            {
                LogMissed(away);
                await Task.Delay(Retry, _time, CancellationToken.None);
            }
        }
    }

    private async Task TakeAsync()
    {
        var head = Interlocked.Read(ref _head);
        if (head < 0)
        {
            Interlocked.Exchange(ref _head, await NewestAsync());
            return;
        }

        var news = await ReadAsync(head);
        if (news.Count > 0)
        {
            Interlocked.Exchange(ref _head, news[^1].Sequence!.Value);
            Add(news);
        }
    }

    /// <summary>Records after one, oldest first.</summary>
    private async Task<List<EventFrame>> ReadAsync(long after)
    {
        var records = await _client.QueryAuditAsync(new AuditQuery { AfterSequence = after, OldestFirst = true, Limit = Window });
        return [.. records.Select(record => EventFrame.Of(record.Entry.Syscall == MessageRecord ? Message : Syscall, record.Sequence, AuditView.Of(record)))];
    }

    private async Task<long> HeadAsync() => Interlocked.Read(ref _head) is >= 0 and var head ? head : await NewestAsync();

    private async Task<long> NewestAsync() => (await _client.QueryAuditAsync(new AuditQuery { Limit = 1 })) is [.., var newest] ? newest.Sequence : 0;

    private void NoteChange(ProcessActivity? old, ProcessActivity? row)
    {
        if (_loop.Leases == 0)
        {
            return;
        }

        var frames = new List<EventFrame>(2);
        if (old?.State != row?.State || old?.WaitsFor != row?.WaitsFor)
        {
            frames.Add(EventFrame.Of(Process, null, new ProcessEvent((row ?? old)!.Pid, (row ?? old)!.Name, old?.State, row?.State ?? "TERMINATED", row?.WaitsFor ?? "")));
        }

        if (row is not null && row.Turns > (old?.Turns ?? 0))
        {
            frames.Add(EventFrame.Of(Turn, null, new TurnEvent(row.Pid, row.Name, row.Turns, row.Tokens - (old?.Tokens ?? 0))));
        }

        if (frames.Count > 0)
        {
            Add(frames);
        }
    }

    private void Add(List<EventFrame> frames)
    {
        lock (_gate)
        {
            foreach (var frame in frames)
            {
                _recent.Enqueue(frame);
                _nextPlace++;
                if (_recent.Count > Capacity)
                {
                    _recent.Dequeue();
                }
            }
        }

        _pulse.Beat();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The audit log was not read.")]
    private partial void LogMissed(Exception why);
}
