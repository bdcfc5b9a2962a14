namespace LLMOS.Kernel.Memory.Paging;

/// <summary>A level of the memory of this silo.</summary>
public interface IMemoryLevelSource
{
    MemoryLevel Level { get; }
}
