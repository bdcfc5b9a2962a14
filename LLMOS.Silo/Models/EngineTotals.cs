using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LLMOS.Inference;

namespace LLMOS.Silo.Models;

/// <summary>What the engines of this process hold and have done, observed on the meter of <see cref="EngineMetrics"/>; each with the tags <c>model</c> and <c>device</c>.</summary>
internal static class EngineTotals
{
    private const string Cells = "{cell}";
    private const string Sequences = "{sequence}";

    private static readonly ConcurrentDictionary<LlamaCppEngine, (string Device, int Number)> Engines = new();

    private static int _numbers;

    /// <summary>Whether its instruments are there; the first engine makes them.</summary>
    private static readonly Lazy<bool> Published = new(Publish);

    /// <summary>Of each engine.</summary>
    public static IReadOnlyList<EngineStatistics> Statistics => [.. Engines.Keys.Select(engine => engine.Statistics)];

    /// <summary>Each engine with its device and its number.</summary>
    public static IReadOnlyList<(LlamaCppEngine Engine, string Device, int Number)> Loaded => [.. Engines.Select(engine => (engine.Key, engine.Value.Device, engine.Value.Number))];

    public static void Add(LlamaCppEngine engine, string device)
    {
        Engines[engine] = (device, Interlocked.Increment(ref _numbers));
        _ = Published.Value;
    }

    public static void Remove(LlamaCppEngine engine) => Engines.TryRemove(engine, out _);

    private static bool Publish()
    {
        var meter = EngineMetrics.Meter;
        meter.CreateObservableGauge("llmos.engine.kv_cells", () => Observe(statistics => statistics.CellsUsed), Cells, "KV cells with a token in them.");
        meter.CreateObservableGauge("llmos.engine.kv_cells_reserved", () => Observe(statistics => statistics.CellsReserved), Cells, "KV cells that running sequences hold or may still fill.");
        meter.CreateObservableGauge("llmos.engine.kv_cells_total", () => Observe(statistics => statistics.CellsTotal), Cells, "KV cells there are.");
        meter.CreateObservableGauge("llmos.engine.host_cells", () => Observe(statistics => statistics.Residency.HostCellsUsed), Cells, "Cells' worth of KV saved in host memory.");
        meter.CreateObservableGauge("llmos.engine.disk_cells", () => Observe(statistics => statistics.Residency.DiskCellsUsed), Cells, "Cells' worth of KV saved on disk.");
        meter.CreateObservableGauge("llmos.engine.active", () => Observe(statistics => statistics.Active), Sequences, "Sequences that prefill or decode.");
        meter.CreateObservableGauge("llmos.engine.waiting", () => Observe(statistics => statistics.Waiting), "{request}", "Requests that wait for room.");
        meter.CreateObservableGauge("llmos.engine.resident", () => Observe(statistics => statistics.Resident), Sequences, "Sequences of which the context holds KV.");
        meter.CreateObservableGauge("llmos.engine.retained_prefixes", () => Observe(statistics => statistics.Residency.RetainedPrefixes), Sequences, "Prefixes that are kept for sequences to come.");
        meter.CreateObservableCounter("llmos.engine.steps", () => Observe(statistics => statistics.Steps), "{step}", "Decodes of the native context.");
        meter.CreateObservableCounter("llmos.engine.prefilled_tokens", () => Observe(statistics => statistics.PrefilledTokens), "{token}", "Prompt tokens that were computed.");
        meter.CreateObservableCounter("llmos.engine.shared_tokens", () => Observe(statistics => statistics.Residency.SharedPromptTokens), "{token}", "Prompt tokens whose KV another sequence had.");
        meter.CreateObservableCounter("llmos.engine.recomputed_tokens", () => Observe(statistics => statistics.Residency.RecomputedTokens), "{token}", "Tokens computed again because their KV had been given up.");
        meter.CreateObservableCounter("llmos.engine.evictions", () => Observe(statistics => statistics.Evictions), Sequences, "Sequences whose KV was dropped for others.");
        meter.CreateObservableCounter("llmos.engine.swaps_out", () => Observe(statistics => statistics.SwapsOut), Sequences, "Sequences whose KV was saved.");
        meter.CreateObservableCounter("llmos.engine.swaps_in", () => Observe(statistics => statistics.SwapsIn), Sequences, "Sequences whose KV came back.");
        meter.CreateObservableCounter("llmos.engine.spills", () => Observe(statistics => statistics.Residency.Spills), Sequences, "Sequences whose saved KV went on to disk.");
        meter.CreateObservableCounter("llmos.engine.preemptions", () => Observe(statistics => statistics.Residency.Preemptions), Sequences, "Running sequences that had to give their place up.");
        meter.CreateObservableCounter("llmos.engine.forks", () => Observe(statistics => statistics.Residency.Forks), Sequences, "Sequences forked by request.");
        meter.CreateObservableCounter("llmos.engine.faults", () => Observe(statistics => statistics.Residency.Faults), "{fault}", "Turns and swaps in that found KV of theirs not in the context.");
        meter.CreateObservableCounter("llmos.engine.swapped_bytes", () => Observe(statistics => statistics.Residency.BytesOut + statistics.Residency.BytesIn), "By", "Bytes of KV saved and restored.");
        return true;
    }

    private static IEnumerable<Measurement<long>> Observe(Func<EngineStatistics, long> figure) => Engines.Select(engine => new Measurement<long>(
        figure(engine.Key.Statistics),
        new KeyValuePair<string, object?>("model", engine.Key.Model.Name),
        new KeyValuePair<string, object?>("device", engine.Value.Device)));
}
