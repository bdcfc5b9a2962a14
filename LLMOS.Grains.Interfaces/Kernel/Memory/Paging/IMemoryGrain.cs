using System.Collections.Immutable;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Memory.Paging;

/// <summary>Says what the levels of memory of all silos hold. Stateless; any key.</summary>
[Alias("llmos.IMemoryGrain")]
public interface IMemoryGrain : IGrainWithIntegerKey
{
    /// <summary>Each silo that is up, with its levels; one that goes down meanwhile is left out.</summary>
    [Alias("Describe")]
    [Requires(Permissions.ReadContext, Verb = "see what is in memory")]
    Task<ImmutableArray<SiloMemory>> DescribeAsync();
}
