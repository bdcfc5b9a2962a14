using System.Diagnostics.Metrics;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Telemetry;
using LLMOS.Silo.Models;

namespace LLMOS.Silo.Telemetry;

/// <summary>
/// What this silo holds, observed where somebody looks: its processes and the levels of its memory on the meter <c>LLMOS</c>, and a few figures without tags on Orleans' own meter, which are all that the Orleans
/// Dashboard shows under Silo Counters.
/// </summary>
internal sealed partial class SiloInstruments(
    SiloProcesses processes, SiloEngines engines, IEnumerable<IMemoryLevelSource> levels, OrleansInstruments orleans, ILogger<SiloInstruments> logger) : IHostedService, IDisposable
{
    /// <summary>What the gauges on Orleans' meter begin with; those who export leave them out.</summary>
    public const string OrleansPrefix = "llmos-";

    // One look at the levels serves the five instruments of a scrape: that at the store counts rows.
    private const long LevelsFreshMilliseconds = 500;

    private readonly Meter _meter = new(LlmosTelemetry.Name);
    private readonly Lock _gate = new();
    private IReadOnlyList<MemoryLevel> _levels = [];
    private long _levelsAt = long.MinValue;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _meter.CreateObservableGauge<long>(MetricNames.Processes, ObserveStates, "{process}", "Processes in this silo's memory, by state.");
        _meter.CreateObservableGauge(MetricNames.MailboxMessages, processes.CountWaiting, "{message}", "Messages that wait in the mailboxes of the processes in memory.");
        _meter.CreateObservableGauge(MetricNames.MemoryPages, () => Observe(level => level.Pages), "{page}", "What a level of memory holds: KV cells in L1, vectors in RAM and embeddings, pages else.");
        _meter.CreateObservableGauge(MetricNames.MemoryBytes, () => Observe(level => level.Bytes), "By", "The bytes of that.");
        _meter.CreateObservableCounter(MetricNames.MemoryHits, () => Observe(level => level.Hits), "{access}", "Times that what was asked for was there; tokens of prompts in L1.");
        _meter.CreateObservableCounter(MetricNames.MemoryMisses, () => Observe(level => level.Misses), "{access}", "Times that it was not; tokens of prompts in L1.");
        _meter.CreateObservableCounter(MetricNames.MemoryEvictions, () => Observe(level => level.Evictions), "{eviction}", "Times that something had to make room.");
        PublishToOrleans(orleans.Meter);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private void PublishToOrleans(Meter meter)
    {
        meter.CreateObservableGauge(OrleansPrefix + "processes", () => CountOf(state => state != ProcessState.Terminated));
        meter.CreateObservableGauge(OrleansPrefix + "processes-thinking", () => CountOf(state => state == ProcessState.Thinking));
        meter.CreateObservableGauge(OrleansPrefix + "mailbox-messages", processes.CountWaiting);
        meter.CreateObservableGauge(OrleansPrefix + "kv-cells-used", () => engines.Statistics.Sum(engine => (long)engine.CellsUsed));
        meter.CreateObservableGauge(OrleansPrefix + "kv-cells-total", () => engines.Statistics.Sum(engine => (long)engine.CellsTotal));
        meter.CreateObservableGauge(OrleansPrefix + "sequences-active", () => engines.Statistics.Sum(engine => (long)engine.Active));
        meter.CreateObservableGauge(OrleansPrefix + "requests-waiting", () => engines.Statistics.Sum(engine => (long)engine.Waiting));
        meter.CreateObservableGauge(OrleansPrefix + "tokens-per-second", () => (long)engines.Statistics.Sum(engine => engine.TokensPerSecond));
    }

    private long CountOf(Func<ProcessState, bool> isMeant) => processes.CountByState().Where(count => isMeant(count.State)).Sum(count => (long)count.Count);

    private IEnumerable<Measurement<long>> ObserveStates() => processes.CountByState()
        .Select(count => new Measurement<long>(count.Count, new KeyValuePair<string, object?>(MetricNames.State, count.State.ToString().ToLowerInvariant())));

    private IEnumerable<Measurement<long>> Observe(Func<MemoryLevel, long> figure) =>
        [.. Levels().Select(level => new Measurement<long>(figure(level), new KeyValuePair<string, object?>(MetricNames.Level, level.Name)))];

    private IReadOnlyList<MemoryLevel> Levels()
    {
        lock (_gate)
        {
            if (_levelsAt == long.MinValue || Environment.TickCount64 - _levelsAt > LevelsFreshMilliseconds)
            {
                _levels = [.. levels.Select(Read).OfType<MemoryLevel>()];
                _levelsAt = Environment.TickCount64;
            }

            return _levels;
        }
    }

    private MemoryLevel? Read(IMemoryLevelSource source)
    {
        try
        {
            return source.Level;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Who looks while the silo stops finds a level closed; the others are there.
            LogUnread(exception, source.GetType().Name);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The level of memory {Source} could not be read.")]
    private partial void LogUnread(Exception exception, string source);
}
