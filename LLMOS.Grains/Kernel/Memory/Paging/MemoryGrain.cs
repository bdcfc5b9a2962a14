using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Runtime.Placement;

namespace LLMOS.Kernel.Memory.Paging;

/// <summary>Asks each silo.</summary>
[StatelessWorker]
internal sealed class MemoryGrain(ISiloStatusOracle silos) : Grain, IMemoryGrain
{
    public async Task<ImmutableArray<SiloMemory>> DescribeAsync()
    {
        var described = await Task.WhenAll(silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(DescribeAsync));
        return [.. described.OfType<SiloMemory>().OrderBy(silo => silo.Silo, StringComparer.Ordinal)];
    }

    private async Task<SiloMemory?> DescribeAsync(SiloAddress silo)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        try
        {
            var memory = await GrainFactory.GetGrain<ISiloMemoryGrain>(silo.ToParsableString()).DescribeAsync();
            return memory.Silo == silo.ToString() ? memory : null;
        }
        catch (Exception gone) when (gone is OrleansException or TimeoutException)
        {
            return null;
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }
}
