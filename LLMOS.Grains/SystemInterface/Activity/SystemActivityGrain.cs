using System.Collections.Immutable;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using Orleans.Concurrency;
using Orleans.Runtime.Placement;

namespace LLMOS.SystemInterface.Activity;

/// <summary>Asks the process table, the silos' engines and memory, and the device map, at the same time.</summary>
[StatelessWorker, Reentrant]
internal sealed class SystemActivityGrain(ISiloStatusOracle silos, IEnumerable<IDeviceMap> devices, TimeProvider time) : Grain, ISystemActivityGrain
{
    /// <summary>How long a part may take to answer; a figure that comes late is of no use to whoever looks on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<SystemActivity> SampleAsync(ActivityQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Processes is < 0 or > ActivityQuery.MaxProcesses)
        {
            throw LlmosException.InvalidArgument($"A sample of {query.Processes} processes cannot be taken: ask for 0 to {ActivityQuery.MaxProcesses}.");
        }

        var processes = query.Processes > 0
            ? GrainFactory.GetGrain<IProcessTableGrain>(0).ListAsync(new ProcessFilter { LiveOnly = true, Limit = query.Processes })
            : Task.FromResult(ImmutableArray<ProcessControlBlock>.Empty);
        var memory = query.IncludeMemory ? QuietlyAsync(GrainFactory.GetGrain<IMemoryGrain>(0).DescribeAsync()) : Task.FromResult(ImmutableArray<SiloMemory>.Empty);
        var engines = await Task.WhenAll(silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(silo => EnginesAsync(silo, new EngineQuery(query.IncludeUsage, query.SlicesOf))));
        return new SystemActivity
        {
            At = time.GetUtcNow(),
            Processes = await processes,
            Engines = [.. engines.SelectMany(found => found).OrderBy(engine => engine.Silo, StringComparer.Ordinal).ThenBy(engine => engine.Number)],
            Memory = await memory,
            Devices = [.. devices.SelectMany(map => map.Devices).OrderBy(device => device.Silo.ToString(), StringComparer.Ordinal).ThenBy(device => device.Device, StringComparer.Ordinal)],
        };
    }

    private async Task<ImmutableArray<EngineReport>> EnginesAsync(SiloAddress silo, EngineQuery query)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        try
        {
            return await QuietlyAsync(GrainFactory.GetGrain<ISiloEnginesGrain>(silo.ToParsableString()).DescribeAsync(query));
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }

    private static async Task<ImmutableArray<T>> QuietlyAsync<T>(Task<ImmutableArray<T>> answer)
    {
        try
        {
            return await answer.WaitAsync(Patience);
        }
        catch (Exception gone) when (gone is OrleansException or TimeoutException)
        {
            return [];
        }
    }
}
