using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Cognition.Inference;
using LLMOS.Inference;

namespace LLMOS.Silo.Models;

/// <summary>What the engines of this silo do, for whoever looks on from elsewhere.</summary>
internal sealed class EngineReports(SiloEngines engines) : IEngineReports
{
    /// <summary>A step of a long prompt can take longer than anybody wants to wait for figures.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public async Task<ImmutableArray<EngineReport>> ReadAsync(string silo, EngineQuery query) =>
        [.. await Task.WhenAll(engines.Loaded.Select(loaded => ReadAsync(silo, loaded.Engine, loaded.Device, loaded.Number, query)))];

    private static async Task<EngineReport> ReadAsync(string silo, LlamaCppEngine engine, string device, int number, EngineQuery query)
    {
        var statistics = engine.Statistics;
        return new EngineReport
        {
            Silo = silo,
            Model = engine.Model.Name,
            Device = device,
            Number = number,
            Steps = statistics.Steps,
            DecodedTokens = statistics.DecodedTokens,
            PrefilledTokens = statistics.PrefilledTokens,
            CachedTokens = statistics.CachedPromptTokens,
            SharedTokens = statistics.Residency.SharedPromptTokens,
            Active = statistics.Active,
            Waiting = statistics.Waiting,
            Resident = statistics.Resident,
            ServedSequences = statistics.ServedSequences,
            MaxSequences = statistics.MaxSequences,
            ContextSwitches = statistics.ContextSwitches,
            CellsUsed = statistics.CellsUsed,
            CellsReserved = statistics.CellsReserved,
            CellsTotal = statistics.CellsTotal,
            HostCells = statistics.Residency.HostCellsUsed,
            DiskCells = statistics.Residency.DiskCellsUsed,
            SwapsOut = statistics.SwapsOut,
            SwapsIn = statistics.SwapsIn,
            Evictions = statistics.Evictions,
            Preemptions = statistics.Residency.Preemptions,
            Faults = statistics.Residency.Faults,
            Restarts = statistics.Restarts,
            TokensPerSecond = statistics.TokensPerSecond,
            Processes = query.IncludeProcesses ? await UsageAsync(engine) : [],
            Slices = query.SlicesOf > TimeSpan.Zero
                ? [.. engine.ReadSlices(query.SlicesOf).Select(slice => new SchedulerSlice(slice.Number, Pid(slice.Key), slice.Began, slice.Duration, slice.Steps, slice.PrefillTokens, slice.DecodeTokens))]
                : [],
        };
    }

    private static async Task<ImmutableArray<KvUsage>> UsageAsync(LlamaCppEngine engine)
    {
        try
        {
            return [.. (await engine.DescribeAllAsync().WaitAsync(Patience)).Select(found => LlamaUsage.Of(Pid(found.Key), found.Value))];
        }
        catch (Exception away) when (away is TimeoutException or LlamaException)
        {
            return [];
        }
    }

    private static long Pid(string key) => long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0;
}
