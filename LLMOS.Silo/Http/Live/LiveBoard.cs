using System.Collections.Immutable;
using LLMOS.Client;
using LLMOS.Client.Watching;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Silo.Http.Vapi;
using LLMOS.SystemInterface.Activity;

namespace LLMOS.Silo.Http.Live;

/// <summary>
/// The live figures of the system, sampled once for all who look on from this silo: twelve times a second, and less often where a sample takes long, so that as much time passes without one as with one. Each sample that differs from the one
/// before is a version; a viewer gets what changed since the version it has, or all of it when it is too far behind.
/// </summary>
internal sealed partial class LiveBoard : IDisposable
{
    /// <summary>Processes that are shown: the newest.</summary>
    public const int MostProcesses = 2_000;

    private const int KeptUpdates = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan SlowInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SlicesKept = TimeSpan.FromSeconds(30);

    private readonly LlmosClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveBoard> _logger;
    private readonly SharedLoop _loop;
    private readonly Pulse _pulse = new();
    private readonly Lock _gate = new();
    private readonly RateMeter _rates;
    private readonly Queue<(long Version, byte[] Frame)> _frames = new();
    private readonly Dictionary<long, ProcessActivity> _rows = [];
    private readonly Dictionary<(string Engine, long Number), BoardSlice> _slices = [];
    private Dictionary<long, KvUsage> _usage = [];
    private ImmutableArray<SiloMemory> _memory = [];
    private BoardUpdate? _latest;
    private byte[]? _full;
    private long _version;
    private long _newest;

    public LiveBoard(LlmosClient client, TimeProvider time, ILogger<LiveBoard> logger, IHostApplicationLifetime lifetime)
    {
        _client = client;
        _time = time;
        _logger = logger;
        _rates = new RateMeter(time);
        _loop = new SharedLoop(RunAsync, lifetime.ApplicationStopping);
    }

    /// <summary>Processes whose rows changed, as samples show it: old and new row; null where it is new or has ended. What the first sample finds, and what is among the newest again, is no change.</summary>
    public event Action<ProcessActivity?, ProcessActivity?>? Changed;

    /// <summary>Keeps the samples coming until it is disposed of.</summary>
    public IDisposable Watch() => _loop.Lease();

    /// <summary>Waits for the first sample, from which on there are changes.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var beat = _pulse.Next;
            lock (_gate)
            {
                if (_latest is not null)
                {
                    return;
                }
            }

            await Pulse.WaitAsync(beat, EventStream.Silence, cancellationToken);
        }
    }

    /// <summary>Sends updates until the viewer goes away: all there is first, then what changes.</summary>
    public async Task SendAsync(EventStream stream)
    {
        using var lease = Watch();
        await stream.BeginAsync();
        var version = 0L;
        while (!stream.Aborted.IsCancellationRequested)
        {
            var beat = _pulse.Next;
            var frames = Since(ref version);
            foreach (var frame in frames)
            {
                await stream.SendAsync(frame);
            }

            if (frames.Count == 0 && !await Pulse.WaitAsync(beat, EventStream.Silence, stream.Aborted))
            {
                await stream.SendAsync(EventFrame.KeepAlive);
            }
        }
    }

    public void Dispose() => _loop.Dispose();

    private List<byte[]> Since(ref long version)
    {
        lock (_gate)
        {
            if (_latest is null || version == _version)
            {
                return [];
            }

            var known = version;
            version = _version;
            return known > 0 && _frames.Count > 0 && _frames.Peek().Version <= known + 1
                ? [.. _frames.Where(frame => frame.Version > known).Select(frame => frame.Frame)]
                : [_full ??= EventFrame.Encode("all", null, _latest with { Rows = [.. _rows.Values], Slices = [.. _slices.Values] })];
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var slowAt = 0L;
        var lookBack = new LookBack(SlicesKept, SlowInterval, _time);
        lock (_gate)
        {
            // What was seen before a pause is old.
            _frames.Clear();
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            var began = _time.GetTimestamp();
            try
            {
                var isSlow = slowAt == 0 || _time.GetElapsedTime(slowAt) >= SlowInterval;
                var activity = await _client.SampleAsync(new ActivityQuery
                {
                    Processes = MostProcesses,
                    IncludeUsage = isSlow,
                    IncludeMemory = isSlow,
                    SlicesOf = lookBack.Next(),
                });
                slowAt = isSlow ? began : slowAt;
                lookBack.Heard(activity.Engines.Select(engine => engine.Silo), began);
                Take(activity, isSlow, _time.GetElapsedTime(began));
                var took = _time.GetElapsedTime(began);
                await Task.Delay(took > Interval - took ? took : Interval - took, _time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
            }
            catch (Exception away) when (away is not OutOfMemoryException)
            {
                LogMissed(away);
                await Task.Delay(SlowInterval, _time, CancellationToken.None);
            }
        }
    }

    private void Take(SystemActivity activity, bool isSlow, TimeSpan took)
    {
        if (isSlow)
        {
            // A process that thought on several replicas has most where it was last.
            _usage = activity.Engines.SelectMany(engine => engine.Processes).GroupBy(usage => usage.Pid).ToDictionary(usages => usages.Key, usages => usages.MaxBy(usage => usage.Cells)!);
            _memory = activity.Memory.IsEmpty ? _memory : activity.Memory;
        }

        var rows = activity.Processes.Select(process => ProcessActivity.Of(process, _usage.GetValueOrDefault(process.Pid))).ToArray();
        var changes = new List<(ProcessActivity? Old, ProcessActivity? New)>();
        lock (_gate)
        {
            var changed = rows.Where(row => _rows.GetValueOrDefault(row.Pid) != row).ToArray();
            var living = rows.Select(row => row.Pid).ToHashSet();
            var gone = _rows.Keys.Where(pid => !living.Contains(pid)).ToArray();
            var oldest = rows.Length < MostProcesses ? 0 : rows.Min(row => row.Pid);
            if (_latest is not null)
            {
                changes.AddRange(changed.Where(row => row.Pid > _newest || _rows.ContainsKey(row.Pid)).Select(row => (_rows.GetValueOrDefault(row.Pid), (ProcessActivity?)row)));
                changes.AddRange(gone.Where(pid => pid >= oldest).Select(pid => ((ProcessActivity?)_rows[pid], (ProcessActivity?)null)));
            }

            _newest = Math.Max(_newest, rows.Length > 0 ? rows.Max(row => row.Pid) : 0);
            foreach (var row in changed)
            {
                _rows[row.Pid] = row;
            }

            foreach (var pid in gone)
            {
                _rows.Remove(pid);
            }

            var (decode, prefill, switches, batch) = _rates.Add(activity.Engines);
            var update = new BoardUpdate
            {
                Version = _version + 1,
                At = activity.At,
                Header = new BoardHeader(
                    decode,
                    prefill,
                    batch,
                    activity.Engines.Sum(engine => engine.MaxSequences),
                    activity.Engines.Sum(engine => engine.CellsUsed),
                    activity.Engines.Sum(engine => engine.CellsTotal),
                    switches,
                    rows.Length,
                    _loop.Leases,
                    Math.Round(took.TotalMilliseconds, 1)),
                Rows = changed,
                Gone = gone,
                Slices = TakeSlices(activity),
                Engines = [.. activity.Engines.Select(engine => engine with { Processes = [], Slices = [] })],
                Memory = _memory,
                Devices = [.. activity.Devices.Select(DeviceView.Of)],
            };
            _version++;
            _latest = update;
            _full = null;
            _frames.Enqueue((_version, EventFrame.Encode("update", null, update)));
            if (_frames.Count > KeptUpdates)
            {
                _frames.Dequeue();
            }
        }

        foreach (var (old, row) in changes)
        {
            Changed?.Invoke(old, row);
        }

        _pulse.Beat();
    }

    private List<BoardSlice> TakeSlices(SystemActivity activity)
    {
        var news = new List<BoardSlice>();
        foreach (var engine in activity.Engines)
        {
            var name = $"{engine.Silo}#{engine.Number}";
            foreach (var slice in engine.Slices)
            {
                var seen = new BoardSlice(
                    name, slice.Number, slice.Pid, Math.Round((slice.Began - DateTimeOffset.UnixEpoch).TotalMilliseconds, 1), Math.Round(slice.Duration.TotalMilliseconds, 1), slice.PrefillTokens, slice.DecodeTokens);
                if (_slices.TryGetValue((name, slice.Number), out var known))
                {
                    if (known.Ms.Equals(seen.Ms) && known.Decode == seen.Decode && known.Prefill == seen.Prefill)
                    {
                        continue;
                    }

                    // Clocks are read anew each time; it did not begin elsewhere.
                    seen = seen with { Began = known.Began };
                }

                _slices[(name, slice.Number)] = seen;
                news.Add(seen);
            }
        }

        var oldest = (activity.At - SlicesKept - DateTimeOffset.UnixEpoch).TotalMilliseconds;
        foreach (var old in _slices.Where(slice => slice.Value.Began + slice.Value.Ms < oldest).Select(slice => slice.Key).ToArray())
        {
            _slices.Remove(old);
        }

        return news;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "No sample was taken.")]
    private partial void LogMissed(Exception why);
}
