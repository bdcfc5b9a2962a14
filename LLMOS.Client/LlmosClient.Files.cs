using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Client;

/// <summary>VectorFS.</summary>
public sealed partial class LlmosClient
{
    /// <summary>The tree of files that can be found by path, by words and by meaning.</summary>
    public IVectorFsGrain Files => Grains.GetGrain<IVectorFsGrain>(0);
}
