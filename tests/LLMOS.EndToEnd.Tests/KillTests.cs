using System.Text.RegularExpressions;

namespace LLMOS.Tests;

/// <summary>The system is killed with -9 in the middle of a workflow, started again, and ends it as if nothing had been.</summary>
public sealed partial class KillTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private const string Workflow = """
        name: relay
        region: /context/relay-{slug}
        roles:
          - { name: first-agent, prompt: You begin., budget: 100000, maxTokensPerTurn: 48 }
          - { name: second-agent, prompt: You go on., budget: 100000, maxTokensPerTurn: 48 }
          - { name: third-agent, prompt: You judge., budget: 100000, maxTokensPerTurn: 48 }
        routes:
          - { from: user, to: first-agent }
          - { from: first-agent, to: second-agent }
          - { from: second-agent, to: third-agent, times: 2 }
          - { from: third-agent, to: second-agent }
          - { from: second-agent, to: user }
        """;

    // What the output shows when the process is killed: the run is known, someone speaks, the second one has spoken.
    [Theory]
    [InlineData("--resume")]
    [InlineData("first-agent")]
    [InlineData("second-agent")]
    [InlineData("third-agent")]
    public async Task A_run_goes_on_after_kill_9_and_each_message_has_its_effect_once(string killedWhen)
    {
        using var folder = new TemporaryFolder();
        var workflow = folder.File("relay.yaml");
        await File.WriteAllTextAsync(workflow, Workflow, TestContext.Current.CancellationToken);
        var data = folder.File("data");
        string runId;
        using (var first = ChildProcess.Start("llmos.dll", data, "run", "--workflow", workflow, "--seed", "11", "Build a chat server"))
        {
            await first.WaitForAsync(output => RunId().IsMatch(output) && output.Contains(killedWhen, StringComparison.Ordinal), Limit, killedWhen);
            await first.KillAsync();
            runId = RunId().Match(first.Output).Groups["id"].Value;
        }

        await ResumeAsync(data, runId);
        await RunAudit.HoldAsync(data, runId);
    }

    [Fact]
    public async Task A_run_that_is_killed_again_and_again_still_ends_once()
    {
        using var folder = new TemporaryFolder();
        var workflow = folder.File("relay.yaml");
        await File.WriteAllTextAsync(workflow, Workflow, TestContext.Current.CancellationToken);
        var data = folder.File("data");
        string[] arguments = ["run", "--workflow", workflow, "--seed", "5", "Build a file server"];
        string? runId = null;

        // Each life lasts until somebody new has spoken, so each makes a little progress and none ends the run by itself.
        foreach (var speaker in (string[])["first-agent", "second-agent", "third-agent"])
        {
            using var life = ChildProcess.Start("llmos.dll", data, arguments);
            await life.WaitForAsync(output => RunId().IsMatch(output) && output.Contains(speaker, StringComparison.Ordinal), Limit, speaker);
            await life.KillAsync();
            runId ??= RunId().Match(life.Output).Groups["id"].Value;
            arguments = ["run", "--resume", runId];
        }

        await ResumeAsync(data, runId!);
        await RunAudit.HoldAsync(data, runId!);
    }

    private static async Task ResumeAsync(string data, string runId)
    {
        using var second = ChildProcess.Start("llmos.dll", data, "run", "--resume", runId);
        var code = await second.WaitForExitAsync(Limit);
        Assert.True(code == 0, $"exit code {code}\n{second.Output}");
    }

    [GeneratedRegex(@"--resume (?<id>[a-z0-9-]+)")]
    private static partial Regex RunId();
}
