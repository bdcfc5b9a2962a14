using System.Collections.Immutable;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Boot;

namespace LLMOS.Tests.Running.Table;

/// <summary>A table with many processes that have ended.</summary>
public sealed class HistoryTests : IDisposable
{
    private const int Blocks = 5;

    // The one with the parts of the system, the one with the process that lives on, the newest.
    private const int Open = 3;

    private readonly string _data = Directory.CreateTempSubdirectory("llmos-history-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task What_lives_is_listed_without_reading_all_that_ever_did()
    {
        var boot = new BootRequest { LoadModel = false };
        ImmutableArray<long> live;
        long kept;
        await using (var system = await RunningSystem.StartAsync(_data, boot))
        {
            var pids = await Task.WhenAll(Enumerable.Range(0, Blocks * IProcessTableSegmentGrain.BlockSize).Select(async i => (await system.Table.SpawnAsync(Mailbox($"number-{i}"))).Pid));
            kept = pids.Order().First(pid => pid / IProcessTableSegmentGrain.BlockSize == 1);
            await Task.WhenAll(pids.Where(pid => pid != kept).Select(pid => system.Process(pid).KillAsync(ExitReason.Killed("enough"))));
            live = await system.Table.LivePidsAsync();
            Assert.Contains(kept, live);
            Assert.DoesNotContain(live, pid => pid != kept && pids.Contains(pid));
        }

        await using (var system = await RunningSystem.StartAsync(_data, boot))
        {
            Assert.Equal(live, await system.Table.LivePidsAsync());
            Assert.Equal(live, (await system.Table.ListAsync(new ProcessFilter { LiveOnly = true })).Select(process => process.Pid));
            var name = (await system.Process(kept).GetAsync()).Name;
            Assert.Equal(kept, await system.Table.ResolveAsync(name));
            var statistics = await system.Grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics(TestContext.Current.CancellationToken);
            Assert.InRange(statistics.Where(type => type.GrainType.Contains(nameof(ProcessTableSegmentGrain), StringComparison.Ordinal)).Sum(type => type.ActivationCount), 1, Open);
            Assert.Equal(Blocks * IProcessTableSegmentGrain.BlockSize, (await system.Table.ListAsync(new ProcessFilter { Limit = int.MaxValue })).Count(process => process.Name.StartsWith("number-", StringComparison.Ordinal)));

            // One that has ended is found by its name, and stays ended.
            var ended = await system.Table.ResolveAsync(name == "number-0" ? "number-1" : "number-0");
            var late = await system.Table.SpawnAsync(Mailbox("late"));
            Assert.Contains(late.Pid, await system.Table.LivePidsAsync());
            Assert.DoesNotContain(ended, await system.Table.LivePidsAsync());
        }
    }

    private static ProcessSpec Mailbox(string name) => new() { Name = name, Program = ProcessPrograms.Mailbox };
}
