using System.Collections.Concurrent;
using LLMOS.Inference;

namespace LLMOS.Silo.Models;

/// <summary>The engines of llama.cpp that this silo has loaded. A process may run several silos, and each answers for its own.</summary>
internal sealed class SiloEngines
{
    private readonly ConcurrentDictionary<LlamaCppEngine, (string Device, int Number, long CellBytes)> _engines = new();
    private int _numbers;

    /// <summary>Each engine with its device and its number, which no other engine of the silo has or had.</summary>
    public IReadOnlyList<(LlamaCppEngine Engine, string Device, int Number)> Loaded => [.. _engines.Select(engine => (engine.Key, engine.Value.Device, engine.Value.Number))];

    /// <summary>Of each engine.</summary>
    public IReadOnlyList<EngineStatistics> Statistics => [.. _engines.Keys.Select(engine => engine.Statistics)];

    /// <summary>Bytes of KV that the engines' contexts hold, as their models' files say.</summary>
    public long KvBytes => _engines.Sum(engine => engine.Key.Statistics.CellsUsed * engine.Value.CellBytes);

    public void Add(LlamaCppEngine engine, string device, long cellBytes)
    {
        _engines[engine] = (device, Interlocked.Increment(ref _numbers), cellBytes);
        EngineTotals.Add(engine, device);
    }

    public void Remove(LlamaCppEngine engine)
    {
        _engines.TryRemove(engine, out _);
        EngineTotals.Remove(engine);
    }
}
