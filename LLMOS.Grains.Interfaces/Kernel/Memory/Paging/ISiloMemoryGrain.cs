using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Memory.Paging;

/// <summary>Says what the levels of memory of one silo hold. The grain's key is the silo's address; it lives there.</summary>
[Alias("llmos.ISiloMemoryGrain")]
public interface ISiloMemoryGrain : IGrainWithStringKey
{
    [Alias("Describe")]
    [Requires(Permissions.ReadContext, Verb = "see what is in memory")]
    Task<SiloMemory> DescribeAsync();
}
