using System.Collections.Immutable;

namespace LLMOS.Kernel.Memory;

/// <summary>A part of a region's list of pages.</summary>
public sealed class RegionSegmentGrain([PersistentState("region-segment")] IPersistentState<RegionSegmentRecord> state) : Grain, IRegionSegmentGrain
{
    public Task<ImmutableArray<RegionPage>> ReadAsync() => Task.FromResult(state.State.Pages.ToImmutableArray());

    public Task WriteAsync(ImmutableArray<RegionPage> pages)
    {
        state.State.Pages = [.. pages];
        return SaveAsync(() => state.WriteStateAsync());
    }

    public async Task ClearAsync()
    {
        await SaveAsync(() => state.ClearStateAsync());
        DeactivateOnIdle();
    }

    private async Task SaveAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
