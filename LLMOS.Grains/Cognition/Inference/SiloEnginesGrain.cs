using System.Collections.Immutable;
using Orleans.Concurrency;

namespace LLMOS.Cognition.Inference;

/// <summary>Asks this silo's engines.</summary>
[Reentrant]
public sealed class SiloEnginesGrain(IEnumerable<IEngineReports> reports, ILocalSiloDetails silo) : Grain, ISiloEnginesGrain
{
    public async Task<ImmutableArray<EngineReport>> DescribeAsync(EngineQuery query) =>
        [.. (await Task.WhenAll(reports.Select(source => source.ReadAsync(silo.SiloAddress.ToString(), query)))).SelectMany(found => found)];
}
