namespace LLMOS.Kernel.Memory.Paging;

/// <summary>What this silo's levels hold.</summary>
public sealed class SiloMemoryGrain(IEnumerable<IMemoryLevelSource> sources, ILocalSiloDetails silo) : Grain, ISiloMemoryGrain
{
    // The fastest first.
    private static readonly string[] Order = ["L1", "L2", "L3", "RAM", "embeddings", "disk"];

    public Task<SiloMemory> DescribeAsync() => Task.FromResult(new SiloMemory(
        silo.SiloAddress.ToString(), [.. sources.Select(source => source.Level).OrderBy(level => Array.IndexOf(Order, level.Name))]));
}
