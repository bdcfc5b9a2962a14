using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Tests.Running.Memory;

/// <summary>An agent whose conversation outgrows its window.</summary>
public sealed class AgentPagingTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmos-paging-").FullName;
    private RunningSystem _system = null!;

    public async ValueTask InitializeAsync() => _system = await RunningSystem.StartAsync(_folder, with: options =>
    {
        options.Models.Threads = 1;
        options.Models.ContextCells = 512;
    });

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_answers_for_many_windows_and_its_faults_are_counted()
    {
        var agent = await _system.Table.SpawnAsync(new ProcessSpec { Name = "talker", Role = "You talk.", MaxTokensPerTurn = 24, Budget = 1_000_000 });
        for (var turn = 0; turn < 60; turn++)
        {
            var answer = await _system.AskAsync(agent.Pid, $"Sentence {turn} is about the {(turn == 5 ? "zeppelin over Friedrichshafen" : "weather")}, and it is long enough to take some room.");
            Assert.Null(VmpHeaders.ErrorOf(answer));
        }

        await _system.AskAsync(agent.Pid, "What was it about the zeppelin over Friedrichshafen?");
        var process = await _system.Process(agent.Pid).GetAsync();
        Assert.True(process.ContextFaults > 0);
        Assert.True(process.Paging is { Hits: > 0, Faults: > 0, Evictions: > 0 }, process.Paging.ToString());
        Assert.InRange(process.Context.CurrentLength, 100, 512);
        var region = _system.Grains.GetGrain<IContextRegionGrain>(process.Context.Region);
        var info = (await region.GetInfoAsync())!;
        Assert.Equal((122, 32), (info.Entries, info.PageTokens));
        Assert.True(info.Tokens > 3 * 512, $"{info.Tokens} tokens are no three windows");
        var view = await region.FitAsync(new ContextDemand(400, "the zeppelin over Friedrichshafen"));
        Assert.Contains(view.Entries, entry => entry.Text.Contains("zeppelin", StringComparison.Ordinal) && entry.Text.StartsWith("Sentence 5", StringComparison.Ordinal));
        var levels = Assert.Single(await _system.Grains.GetGrain<IMemoryGrain>(0).DescribeAsync()).Levels;
        Assert.Equal(["L1", "L2", "L3", "RAM", "embeddings", "disk"], levels.Select(level => level.Name));
        Assert.All(levels.Where(level => level.Name is "L2" or "L3" or "disk"), level => Assert.True(level is { Pages: > 0, Bytes: > 0 }, level.ToString()));
    }

    [Fact]
    public async Task The_summarizer_writes_in_the_place_of_extracts_and_they_stay_while_it_is_suspended()
    {
        await _system.Process(WellKnownPids.Summarizer).SuspendAsync("to look");
        var agent = await _system.Table.SpawnAsync(new ProcessSpec { Name = "talker", Role = "You talk.", MaxTokensPerTurn = 24, Budget = 1_000_000 });
        for (var turn = 0; turn < 40; turn++)
        {
            await _system.AskAsync(agent.Pid, $"Sentence {turn} is about the weather in Oslo, which is {turn} degrees warm today.");
        }

        var region = _system.Grains.GetGrain<IContextRegionGrain>((await _system.Process(agent.Pid).GetAsync()).Context.Region);
        Assert.Contains("Sentence", (await region.FitAsync(new ContextDemand(300, ""))).Entries[0].Text, StringComparison.Ordinal);
        var summarizer = await _system.Process(WellKnownPids.Summarizer).GetAsync();
        Assert.True(summarizer is { Turns: 0, Waiting: > 0 }, $"{summarizer.Turns} turns, {summarizer.Waiting} messages");
        await _system.Process(WellKnownPids.Summarizer).ResumeAsync();
        using var limit = new CancellationTokenSource(RunningSystem.Limit);
        while ((await _system.Process(WellKnownPids.Summarizer).GetAsync()) is not { Turns: > 0, CompletionTokens: > 0 })
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
