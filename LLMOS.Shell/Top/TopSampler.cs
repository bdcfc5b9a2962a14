using LLMOS.Client;
using LLMOS.Client.Watching;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.SystemInterface.Activity;

namespace LLMOS.Shell.Top;

/// <summary>Takes samples of a system. Rates are over about the last second, so that the first sample has none.</summary>
internal sealed class TopSampler(LlmosClient client, TimeProvider time)
{
    /// <summary>Processes that are shown: the newest.</summary>
    private const int MostProcesses = 2_000;

    private readonly TimeProvider _time = time;
    private readonly RateMeter _rates = new(time);

    /// <exception cref="LlmosException">The system does not answer.</exception>
    public async Task<TopSample> TakeAsync()
    {
        var began = _time.GetTimestamp();
        var activity = await client.SampleAsync(new ActivityQuery { Processes = MostProcesses });
        return Sample(activity, _time.GetElapsedTime(began));
    }

    internal TopSample Sample(SystemActivity activity, TimeSpan took)
    {
        // A process that thought on several replicas has most where it was last.
        var usage = activity.Engines.SelectMany(engine => engine.Processes).GroupBy(found => found.Pid).ToDictionary(group => group.Key, group => group.MaxBy(found => found.Cells)!);
        var (decode, prefill, switches, batch) = _rates.Add(activity.Engines);
        var figures = new TopFigures(
            decode,
            prefill,
            batch,
            activity.Engines.Sum(engine => engine.MaxSequences),
            activity.Engines.Sum(engine => engine.CellsUsed),
            activity.Engines.Sum(engine => engine.CellsTotal),
            switches,
            [.. Hits(activity.Memory)],
            Math.Round(took.TotalMilliseconds, 1));
        return new TopSample(
            activity.At,
            figures,
            [.. activity.Processes.Select(process => ProcessActivity.Of(process, usage.GetValueOrDefault(process.Pid)))],
            [.. activity.Devices.Select(TopDevice.Of)]);
    }

    private static IEnumerable<TopHits> Hits(IEnumerable<SiloMemory> silos) =>
        from level in silos.SelectMany(silo => silo.Levels)
        group level by level.Name into levels
        let hits = levels.Sum(level => level.Hits)
        let all = hits + levels.Sum(level => level.Misses)
        where all > 0
        select new TopHits(levels.Key, Math.Round((double)hits / all, 4));
}
