using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LLMOS.Inference;
using LLMOS.Kernel.Telemetry;

namespace LLMOS.Silo.Models;

/// <summary>What the engines of this process hold and have done, observed where somebody looks; each with the tags <c>model</c> and <c>device</c>.</summary>
internal static class EngineTotals
{
    private const string Cells = "{cell}";
    private const string Sequences = "{sequence}";
    private const string Tokens = "{token}";

    /// <summary>Each with its device. A meter's figures are of the process, whichever of its silos loaded an engine.</summary>
    private static readonly ConcurrentDictionary<LlamaCppEngine, string> Engines = new();

    /// <summary>Whether its instruments are there; the first engine makes them.</summary>
    private static readonly Lazy<bool> Published = new(Publish);

    public static void Add(LlamaCppEngine engine, string device)
    {
        Engines[engine] = device;
        _ = Published.Value;
    }

    public static void Remove(LlamaCppEngine engine) => Engines.TryRemove(engine, out _);

    private static bool Publish()
    {
        var meter = LlmosTelemetry.Meter;
        meter.CreateObservableGauge(MetricNames.EngineKvCells, () => Observe(statistics => statistics.CellsUsed), Cells, "KV cells with a token in them.");
        meter.CreateObservableGauge(MetricNames.EngineKvReserved, () => Observe(statistics => statistics.CellsReserved), Cells, "KV cells that running sequences hold or may still fill.");
        meter.CreateObservableGauge(MetricNames.EngineKvTotal, () => Observe(statistics => statistics.CellsTotal), Cells, "KV cells there are.");
        meter.CreateObservableGauge(MetricNames.EngineHostCells, () => Observe(statistics => statistics.Residency.HostCellsUsed), Cells, "Cells' worth of KV saved in host memory.");
        meter.CreateObservableGauge(MetricNames.EngineDiskCells, () => Observe(statistics => statistics.Residency.DiskCellsUsed), Cells, "Cells' worth of KV saved on disk.");
        meter.CreateObservableGauge(MetricNames.EngineActive, () => Observe(statistics => statistics.Active), Sequences, "Sequences that prefill or decode.");
        meter.CreateObservableGauge(MetricNames.EngineWaiting, () => Observe(statistics => statistics.Waiting), "{request}", "Requests that wait for room.");
        meter.CreateObservableGauge(MetricNames.EngineResident, () => Observe(statistics => statistics.Resident), Sequences, "Sequences of which the context holds KV.");
        meter.CreateObservableGauge(MetricNames.EngineMaxSequences, () => Observe(statistics => statistics.MaxSequences), Sequences, "Most sequences that a step can have.");
        meter.CreateObservableGauge(MetricNames.EngineRetained, () => Observe(statistics => statistics.Residency.RetainedPrefixes), Sequences, "Prefixes that are kept for sequences to come.");
        meter.CreateObservableCounter(MetricNames.EngineSteps, () => Observe(statistics => statistics.Steps), "{step}", "Decodes of the native context.");
        meter.CreateObservableCounter(MetricNames.EngineServed, () => Observe(statistics => statistics.ServedSequences), Sequences, "Sequences that steps computed tokens of, summed over the steps: over those it is the mean batch.");
        meter.CreateObservableCounter(MetricNames.EngineSwitches, () => Observe(statistics => statistics.ContextSwitches), "{switch}", "Times that a step computed tokens of a sequence that the step before did not.");
        meter.CreateObservableCounter(MetricNames.EngineDecoded, () => Observe(statistics => statistics.DecodedTokens), Tokens, "Tokens generated.");
        meter.CreateObservableCounter(MetricNames.EngineForced, () => Observe(statistics => statistics.ForcedTokens), Tokens, "Tokens generated that were the only ones a grammar allowed.");
        meter.CreateObservableCounter(MetricNames.EngineDrafted, () => Observe(statistics => statistics.DraftedTokens), Tokens, "Tokens that were computed as a guess.");
        meter.CreateObservableCounter(MetricNames.EngineAccepted, () => Observe(statistics => statistics.AcceptedTokens), Tokens, "Guesses that turned out right.");
        meter.CreateObservableCounter(MetricNames.EnginePrefilled, () => Observe(statistics => statistics.PrefilledTokens), Tokens, "Prompt tokens that were computed.");
        meter.CreateObservableCounter(MetricNames.EngineCached, () => Observe(statistics => statistics.CachedPromptTokens), Tokens, "Prompt tokens whose KV was there.");
        meter.CreateObservableCounter(MetricNames.EngineShared, () => Observe(statistics => statistics.Residency.SharedPromptTokens), Tokens, "Prompt tokens whose KV another sequence had.");
        meter.CreateObservableCounter(MetricNames.EngineRecomputed, () => Observe(statistics => statistics.Residency.RecomputedTokens), Tokens, "Tokens computed again because their KV had been given up.");
        meter.CreateObservableCounter(MetricNames.EngineEmbedded, () => Observe(statistics => statistics.EmbeddedTexts), "{text}", "Texts embedded.");
        meter.CreateObservableCounter(MetricNames.EngineEvictions, () => Observe(statistics => statistics.Evictions), Sequences, "Sequences whose KV was dropped for others.");
        meter.CreateObservableCounter(MetricNames.EngineSwapsOut, () => Observe(statistics => statistics.SwapsOut), Sequences, "Sequences whose KV was saved.");
        meter.CreateObservableCounter(MetricNames.EngineSwapsIn, () => Observe(statistics => statistics.SwapsIn), Sequences, "Sequences whose KV came back.");
        meter.CreateObservableCounter(MetricNames.EngineSpills, () => Observe(statistics => statistics.Residency.Spills), Sequences, "Sequences whose saved KV went on to disk.");
        meter.CreateObservableCounter(MetricNames.EnginePreemptions, () => Observe(statistics => statistics.Residency.Preemptions), Sequences, "Running sequences that had to give their place up.");
        meter.CreateObservableCounter(MetricNames.EngineForks, () => Observe(statistics => statistics.Residency.Forks), Sequences, "Sequences forked by request.");
        meter.CreateObservableCounter(MetricNames.EngineFaults, () => Observe(statistics => statistics.Residency.Faults), "{fault}", "Turns and swaps in that found KV of theirs not in the context.");
        meter.CreateObservableCounter(MetricNames.EngineRestarts, () => Observe(statistics => statistics.Restarts), "{restart}", "Times that an engine broke down and began anew.");
        meter.CreateObservableCounter(MetricNames.EngineSwappedBytes, () => Observe(statistics => statistics.Residency.BytesOut + statistics.Residency.BytesIn), "By", "Bytes of KV saved and restored.");
        return true;
    }

    private static IEnumerable<Measurement<long>> Observe(Func<EngineStatistics, long> figure) => Engines.Select(engine => new Measurement<long>(
        figure(engine.Key.Statistics),
        new KeyValuePair<string, object?>(MetricNames.Model, engine.Key.Model.Name),
        new KeyValuePair<string, object?>(MetricNames.Device, engine.Value)));
}
