namespace LLMOS.Silo.Models;

/// <summary>A model file of this machine.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="Path">The GGUF file.</param>
/// <param name="WeightBytes">What its weights take in a device's memory.</param>
/// <param name="CacheBytes">What its KV cache and compute buffers take there.</param>
/// <param name="ContextCells">KV cells its engine gets, for all sequences together.</param>
internal sealed record LocalEngineSource(string Name, string Path, long WeightBytes, long CacheBytes, int ContextCells) : EngineSource(Path)
{
    /// <summary>What one of those takes; 0 where that is not known.</summary>
    public long CellBytes { get; init; }

    public long MemoryBytes => WeightBytes + CacheBytes;
}
