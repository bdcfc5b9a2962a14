using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Silo.Models;

/// <summary>The KV of the engines of this silo: cells, and hits and misses in tokens of prompts.</summary>
internal sealed class EngineMemory(SiloEngines engines) : IMemoryLevelSource
{
    public MemoryLevel Level
    {
        get
        {
            var statistics = engines.Statistics;
            return new MemoryLevel(
                "L1",
                statistics.Sum(engine => (long)engine.CellsUsed),
                engines.KvBytes,
                statistics.Sum(engine => engine.CachedPromptTokens + engine.Residency.SharedPromptTokens),
                statistics.Sum(engine => engine.PrefilledTokens),
                statistics.Sum(engine => engine.Evictions));
        }
    }
}
