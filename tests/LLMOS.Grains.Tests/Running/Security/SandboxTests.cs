using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.Tests.Running.Security;

/// <summary>The hard caps of a sandbox profile.</summary>
public sealed class SandboxTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly RunningSystem _system = fixture.System;

    [Fact]
    public async Task A_turn_that_takes_too_long_ends_the_process()
    {
        var agent = await SpawnAsync(new SandboxProfile { MaxTurnTime = TimeSpan.FromMilliseconds(300) }, tokens: 7_000);
        await _system.RequestAsync(agent, "Go on and on.");
        var ended = await _system.Process(agent).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
        Assert.Equal(ExitKind.Limit, ended.Exit?.Kind);
        Assert.Contains("a turn took longer than the 00:00:00.3", ended.Exit!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_ends_when_it_has_lived_its_time()
    {
        var agent = await SpawnAsync(new SandboxProfile { MaxLifetime = TimeSpan.FromMilliseconds(400) });
        var ended = await _system.Process(agent).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
        Assert.Equal(ExitKind.Limit, ended.Exit?.Kind);
        Assert.Contains("has lived for", ended.Exit!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_ends_with_the_turn_that_uses_its_tokens_up()
    {
        var agent = await SpawnAsync(new SandboxProfile { MaxTokens = 120 }, tokens: 60);
        await _system.RequestAsync(agent, "Say something.");
        for (var i = 0; i < 10 && (await _system.Process(agent).GetAsync()).State != ProcessState.Terminated; i++)
        {
            try
            {
                await _system.RequestAsync(agent, $"And more, for the {i}th time.");
            }
            catch (LlmosException ended) when (ended.Code == LlmosErrorCode.FailedPrecondition)
            {
                break;
            }
        }

        var after = await _system.Process(agent).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
        Assert.Equal(ExitKind.Limit, after.Exit?.Kind);
        Assert.True(after.PromptTokens + after.CompletionTokens <= 120 + 16, $"{after.PromptTokens + after.CompletionTokens} tokens");
    }

    [Fact]
    public async Task A_context_that_is_full_takes_no_more()
    {
        var agent = await SpawnAsync(new SandboxProfile { MaxContextTokens = 30 });
        var answers = new List<VmpMessage>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await _system.AskAsync(agent, $"Remember that number {i} was said here."));
        }

        var error = answers.Select(answer => answer.Headers.GetValueOrDefault(VmpHeaders.ErrorName)).First(text => text is not null)!;
        Assert.Contains($"/proc/{agent}/context", error, StringComparison.Ordinal);
        Assert.Contains("of 30 tokens", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_isolated_process_has_no_part_in_the_regions_of_others()
    {
        var isolated = await SpawnAsync(new SandboxProfile { IsolatedContext = true });
        var owner = await SpawnAsync(null);
        await _system.CallAsync("malloc", """{"name":"/shared/by-owner"}""", asPid: owner);
        var refused = await Assert.ThrowsAsync<LlmosException>(() => _system.CallAsync("share", $$"""{"region":"/shared/by-owner","pid":{{isolated}}}""", asPid: owner));
        Assert.Equal((LlmosErrorCode.FailedPrecondition, "share", "pid"), (refused.Code, refused.Syscall, refused.Argument));
        await Speaking.DeniedAsync(() => _system.CallAsync("cat", """{"path":"/shared/by-owner"}""", asPid: isolated));
        await _system.CallAsync("malloc", """{"name":"own"}""", asPid: isolated);
        await Assert.ThrowsAsync<LlmosException>(() => _system.Table.SpawnAsync(
            new ProcessSpec { Name = "x", Region = "/shared/by-owner", Sandbox = new SandboxProfile { IsolatedContext = true } }));
    }

    [Fact]
    public async Task A_child_is_confined_as_its_parent_is()
    {
        var parent = await SpawnAsync(new SandboxProfile { MaxTokens = 500, Tools = ["read"] });
        var child = await _system.Table.SpawnAsync(new ProcessSpec { Name = "child", ParentPid = parent, Sandbox = new SandboxProfile { MaxTokens = 900, Tools = ["read", "fetch"], AllowsNetwork = true } });
        Assert.Equal(500, child.Sandbox!.MaxTokens);
        Assert.False(child.Sandbox.AllowsNetwork);
        Assert.True(child.Sandbox.Permits("read"));
        Assert.False(child.Sandbox.Permits("fetch"));
    }

    [Fact]
    public async Task A_profile_without_sense_is_refused()
    {
        SandboxProfile[] wrong =
        [
            new() { MaxTokens = 0 },
            new() { MaxContextTokens = -1 },
            new() { MaxTurnTime = TimeSpan.Zero },
            new() { MaxLifetime = TimeSpan.FromSeconds(-1) },
        ];
        foreach (var profile in wrong)
        {
            Assert.Equal(LlmosErrorCode.InvalidArgument, (await Assert.ThrowsAsync<LlmosException>(() => SpawnAsync(profile))).Code);
        }
    }

    private async Task<long> SpawnAsync(SandboxProfile? profile, int tokens = 8) => (await _system.Table.SpawnAsync(new ProcessSpec
    {
        Name = "confined",
        Role = "You answer.",
        Budget = 1_000_000,
        MaxTokensPerTurn = tokens,
        Sandbox = profile,
    })).Pid;
}
