using LLMOS.Kernel.Processes;

namespace LLMOS.Tests.Running.Table;

/// <summary>Children that are spawned while their parent ends.</summary>
public sealed class FamilyTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private const int Children = 12;

    private readonly RunningSystem _system = fixture.System;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_child_that_was_refused_does_not_live_and_one_that_was_not_is_ended_or_left_to_init(bool withChildren)
    {
        for (var round = 0; round < 8; round++)
        {
            var parent = await _system.Table.SpawnAsync(Mailbox($"parent-{withChildren}-{round}"));
            var spawns = Enumerable.Range(0, Children).Select(i => SpawnAsync($"child-{withChildren}-{round}-{i}", parent.Pid)).ToList();
            await Task.WhenAny(spawns);
            var end = ExitReason.Killed("enough");
            await (withChildren ? _system.Process(parent.Pid).KillTreeAsync(end) : _system.Process(parent.Pid).KillAsync(end));
            var spawned = (await Task.WhenAll(spawns)).OfType<long>().ToHashSet();
            foreach (var process in (await _system.Table.ListAsync(new ProcessFilter())).Where(process => process.Name.StartsWith($"child-{withChildren}-{round}-", StringComparison.Ordinal)))
            {
                var now = await EndOrAdoptionAsync(process.Pid);
                var lives = now.State != ProcessState.Terminated;
                Assert.True(!lives || (!withChildren && spawned.Contains(process.Pid) && now.ParentPid == WellKnownPids.Init), $"{now.Name} is {now.State} below {now.ParentPid}, spawned: {spawned.Contains(process.Pid)}");
            }
        }
    }

    /// <summary>What has become of a child once its parent, which has ended, has told it.</summary>
    private async Task<ProcessControlBlock> EndOrAdoptionAsync(long pid)
    {
        using var limit = new CancellationTokenSource(RunningSystem.Limit);
        while (true)
        {
            var process = await _system.Process(pid).GetAsync();
            if (process.State == ProcessState.Terminated || process.ParentPid == WellKnownPids.Init)
            {
                return process;
            }

            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<long?> SpawnAsync(string name, long parent)
    {
        try
        {
            return (await _system.Table.SpawnAsync(Mailbox(name) with { ParentPid = parent })).Pid;
        }
        catch (LlmosException refused) when (refused.Code == LlmosErrorCode.FailedPrecondition)
        {
            return null;
        }
    }

    private static ProcessSpec Mailbox(string name) => new() { Name = name, Program = ProcessPrograms.Mailbox };
}
