using System.Collections.Immutable;
using LLMOS.Kernel.Security;

namespace LLMOS.Cognition.Inference;

/// <summary>Says what the engines of one silo do. The grain's key is the silo's address; it lives there.</summary>
[Alias("llmos.ISiloEnginesGrain")]
public interface ISiloEnginesGrain : IGrainWithStringKey
{
    /// <summary>The engines that are loaded; nothing is loaded to find out.</summary>
    [Alias("Describe")]
    [Requires]
    Task<ImmutableArray<EngineReport>> DescribeAsync(EngineQuery query);
}
