using System.Text.Json;
using System.Text.RegularExpressions;

namespace LLMOS.Shell.Tests;

/// <summary>The main job in a real process: a run from its sentence to its result, and over interruptions.</summary>
public sealed partial class RunTests
{
    private const string Pair = """
        name: pair
        roles:
          - { name: writer, prompt: Write it., maxTokensPerTurn: 60 }
          - { name: critic, prompt: Judge it., maxTokensPerTurn: 40 }
        routes:
          - { from: user, to: writer }
          - { from: writer, to: critic, times: 1 }
          - { from: critic, to: writer }
          - { from: writer, to: user }
        """;

    [Fact]
    public async Task A_run_shows_who_says_what_and_leaves_its_result_and_its_story()
    {
        using var home = new TempFolder();
        using var run = await ShellProcess.RunAsync(home.Path, "run", "Create a web server with authentication and logging", "--data", home.File("data"));

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.DoesNotContain('\u001b', run.Output + run.Error);
        Assert.Matches(@"\[1/4\] kernel +\d", run.Error);
        Assert.Matches(@"\[4/4\] shell ready +\d", run.Error);
        Assert.Contains("Region /context/project-webserver", run.Output, StringComparison.Ordinal);
        foreach (var role in new[] { "architect-agent", "coder-agent", "reviewer-agent" })
        {
            Assert.Matches($@"── {role} \(PID \d+\) ──", run.Output);
            Assert.Matches($@"(?m)^ *\d+  {role} +TERMINATED +\d+ +\d+ +\d+ +\d+/min", run.Output);
        }

        var id = IdOf(run.Output);
        var file = home.File($"data/runs/{id}/result.md");
        Assert.Contains($"Result {file}", run.Output, StringComparison.Ordinal);
        Assert.NotEmpty(File.ReadAllText(file).Trim());

        using var ps = await ShellProcess.RunAsync(home.Path, "ps", "-a", "-o", "json", "--data", home.File("data"));
        var processes = JsonDocument.Parse(ps.Output).RootElement.EnumerateArray().Where(row => row.GetProperty("run").GetString() == id).ToArray();
        Assert.Equal(4, processes.Length);
        Assert.All(processes, row => Assert.Equal("TERMINATED", row.GetProperty("state").GetString()));

        using var log = await ShellProcess.RunAsync(home.Path, "log", id, "-o", "json", "--data", home.File("data"));
        var ways = JsonDocument.Parse(log.Output).RootElement.EnumerateArray()
            .Where(row => row.GetProperty("type").GetString() != "NOTIFICATION")
            .Select(row => $"{row.GetProperty("fromName").GetString()}→{row.GetProperty("toName").GetString()}")
            .ToArray();
        Assert.Equal("user→architect-agent", ways[0]);
        Assert.Equal("architect-agent→coder-agent", ways[1]);
        Assert.Equal("coder-agent→user", ways[^1]);
        Assert.Contains("reviewer-agent→coder-agent", ways);

        using var cat = await ShellProcess.RunAsync(home.Path, "cat", "/context/project-webserver", "--data", home.File("data"));
        Assert.Contains("── coder-agent (PID", cat.Output, StringComparison.Ordinal);

        using var runs = await ShellProcess.RunAsync(home.Path, "runs", "--data", home.File("data"));
        Assert.Matches($@"{id}  COMPLETED +build-software", runs.Output);
    }

    [Fact]
    public async Task A_quiet_run_writes_its_result_alone_and_the_same_seed_says_the_same()
    {
        using var home = new TempFolder();
        var workflow = home.File("pair.yaml");
        File.WriteAllText(workflow, Pair);
        string[] arguments = ["run", "-", "-q", "--seed", "7", "--workflow", workflow, "--data", home.File("data")];
        var results = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var run = ShellProcess.Start(home.Path, arguments);
            await run.WriteAsync("Say something.\n");
            run.CloseInput();
            Assert.Equal(0, await run.WaitAsync());
            Assert.Equal("", run.Error);
            Assert.DoesNotContain("──", run.Output, StringComparison.Ordinal);
            results.Add(run.Output);
        }

        Assert.NotEmpty(results[0].Trim());
        Assert.Equal(results[0], results[1]);
    }

    /// <summary>Moments of an interruption, by what has been shown when it comes.</summary>
    [Theory]
    [InlineData("[3/4]")]
    [InlineData("Run ")]
    [InlineData("── writer")]
    [InlineData("── critic")]
    public async Task An_interrupted_run_says_how_it_goes_on_and_does(string moment)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent by kill(2).");
        using var home = new TempFolder();
        using var run = StartPair(home, maxTokens: 400);
        await run.UntilAsync((output, error) => (output + error).Contains(moment, StringComparison.Ordinal));
        run.Signal(ShellProcess.Interrupt);

        Assert.Equal(130, await run.WaitAsync());
        Assert.DoesNotContain("Exception", run.Error, StringComparison.Ordinal);
        if (run.Error.Contains("before", StringComparison.Ordinal))
        {
            // Nothing was kept and nothing promised.
            Assert.Contains("so there is nothing to resume: run the request again.", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("──", run.Output, StringComparison.Ordinal);
            return;
        }

        var id = IdOf(run.Output);
        var command = $"run --resume {id} --data {home.File("data")}";
        Assert.Contains($"Interrupted; {id} goes on with: {ShellProcess.Program} {command}", run.Error, StringComparison.Ordinal);

        // A shell that only looks leaves it as it is.
        using var looking = await ShellProcess.RunAsync(home.Path, "runs", "-o", "json", "--data", home.File("data"));
        Assert.Equal("INTERRUPTED", JsonDocument.Parse(looking.Output).RootElement[0].GetProperty("status").GetString());

        using var resumed = await ShellProcess.RunAsync(home.Path, command.Split(' '));
        Assert.True(resumed.ExitCode == 0, resumed.Output + resumed.Error);
        Assert.Contains($"Run {id} COMPLETED", resumed.Output, StringComparison.Ordinal);
        using var log = await ShellProcess.RunAsync(home.Path, "log", id, "-o", "json", "--data", home.File("data"));
        var messages = JsonDocument.Parse(log.Output).RootElement.EnumerateArray().ToArray();
        Assert.Equal(messages.Length, messages.Select(row => row.GetProperty("id").GetGuid()).Distinct().Count());

        // What the logger is told about the end may still wait for it when the shell has left; all else is part of the run.
        Assert.All(messages.Where(row => row.GetProperty("toName").GetString() != "logger"), row => Assert.Equal("CONSUMED", row.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_second_interrupt_leaves_at_once_and_the_run_can_still_be_resumed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent by kill(2).");
        using var home = new TempFolder();
        using var run = StartPair(home, maxTokens: 400);
        await run.UntilAsync((output, _) => output.Contains("── writer", StringComparison.Ordinal));
        run.Signal(ShellProcess.Interrupt);
        run.Signal(ShellProcess.Interrupt);

        Assert.Equal(130, await run.WaitAsync());
        using var resumed = await ShellProcess.RunAsync(home.Path, "run", "--resume", IdOf(run.Output), "--data", home.File("data"));
        Assert.True(resumed.ExitCode == 0, resumed.Output + resumed.Error);
    }

    private static ShellProcess StartPair(TempFolder home, int maxTokens)
    {
        var workflow = home.File("pair.yaml");
        File.WriteAllText(workflow, Pair.Replace("60", $"{maxTokens}", StringComparison.Ordinal));
        var run = ShellProcess.Start(home.Path, "run", "Create a web server", "--workflow", workflow, "--data", home.File("data"));
        run.CloseInput();
        return run;
    }

    private static string IdOf(string output) => RunLine().Match(output).Groups[1].Value;

    [GeneratedRegex(@"(?m)^Run (\S+) \(")]
    private static partial Regex RunLine();
}
