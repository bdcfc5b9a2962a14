using System.Collections.Immutable;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Memory;

/// <summary>
/// A part of the list of pages of a context region that is full: the region's record has the newest pages only, so that an append writes little however many there are. The key follows from the region
/// and the number of the part.
/// </summary>
[Alias("llmos.IRegionSegmentGrain")]
public interface IRegionSegmentGrain : IGrainWithGuidKey
{
    /// <summary>Its pages, oldest first; none where nothing was written.</summary>
    [Alias("Read"), ReadOnly]
    [Requires(Permissions.ReadContext, Privileges = Privileges.Administer)]
    Task<ImmutableArray<RegionPage>> ReadAsync();

    /// <summary>Writes its pages; what was there is replaced.</summary>
    [Alias("Write")]
    [Requires(Permissions.WriteContext, Privileges = Privileges.Administer)]
    Task WriteAsync(ImmutableArray<RegionPage> pages);

    /// <summary>Forgets its pages. The pages themselves stay.</summary>
    [Alias("Clear")]
    [Requires(Permissions.WriteContext, Privileges = Privileges.Administer)]
    Task ClearAsync();
}
