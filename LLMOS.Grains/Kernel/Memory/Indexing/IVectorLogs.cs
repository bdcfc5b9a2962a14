namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>The logs of vectors of a store.</summary>
public interface IVectorLogs
{
    /// <summary>A log by its number: <see cref="IVectorIndexGrain.Files"/>, or the id of a collection.</summary>
    /// <exception cref="LlmosException">There is none.</exception>
    IVectorLog Get(long number);
}
