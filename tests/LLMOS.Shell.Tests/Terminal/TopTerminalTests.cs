using System.Text.Json;

namespace LLMOS.Shell.Tests.Terminal;

/// <summary><c>top</c> on a real terminal, beside a system that works, and without one.</summary>
public sealed class TopTerminalTests
{
    private const string Down = "\u001b[B";
    private const string AllStates = "processes:";

    [Fact]
    public async Task Top_shows_a_running_system_and_leaves_the_terminal_as_it_was()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The pseudo-terminal is Python's pty.");
        using var home = new TempFolder();
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync("spawn victim --mailbox\nspawn sleeper --mailbox -p LOW\nspawn talker \"You talk.\" --turn 4000 --budget 1000000\nps\n");
        await shell.UntilAsync((output, _) => output.Contains("talker", StringComparison.Ordinal));

        // A second terminal joins the silo of the first one.
        using var top = TerminalProcess.Start(home.Path, 100, 24, new Dictionary<string, string>(), "top", "--data", home.File("data"), "--delay", "0.2");
        await top.UntilAsync(screen => screen.Contains("talker", StringComparison.Ordinal) && screen.Contains("victim", StringComparison.Ordinal), "the processes");
        Assert.True(top.IsAlternate);
        Assert.False(top.ShowsCursor);
        Assert.Contains(AllStates, top.Text, StringComparison.Ordinal);
        Assert.Matches(@"KV pool (no engine is loaded|[\d,]+ of [\d,]+ cells)", top.Text);
        Assert.Matches(@"CPU at \S+  [\d.]+ GiB of [\d.]+ GiB free", top.Text);

        // What is there now is not all there will be: it is live.
        await shell.WriteAsync("ask talker \"Say something\"\n");
        await top.UntilAsync(screen => screen.Split('\n').Any(line => line.Contains("talker", StringComparison.Ordinal) && line.Contains("THINKING", StringComparison.Ordinal)), "a process that thinks");
        await top.UntilAsync(screen => System.Text.RegularExpressions.Regex.IsMatch(screen, @"decode [1-9][\d,]*\.\d tok/s"), "a rate");

        // The first line is the newest process; the filter leaves one.
        await top.PressAsync("/victim\r");
        await top.UntilAsync(screen => !screen.Contains("sleeper", StringComparison.Ordinal) && screen.Contains("victim", StringComparison.Ordinal), "the filter");
        await top.PressAsync("k");
        await top.UntilAsync("Kill victim (");
        await top.PressAsync("n");
        await top.UntilAsync(screen => !screen.Contains("[y/N]", StringComparison.Ordinal), "the end of the question");
        await top.PressAsync("ky");
        await top.UntilAsync("killed victim (");
        await top.UntilAsync(screen => !screen.Split('\n').Any(line => line.Contains("victim", StringComparison.Ordinal) && line.Contains("BLOCKED", StringComparison.Ordinal)), "the end of the process");

        await top.PressAsync("/\u0015sleeper\r");
        await top.UntilAsync(screen => screen.Split('\n').Any(line => line.Contains("sleeper", StringComparison.Ordinal) && line.Contains("BLOCKED", StringComparison.Ordinal)), "the other process");
        await top.PressAsync("n-4\r");
        await top.UntilAsync("has priority 10");
        await top.PressAsync("s");
        await top.UntilAsync(screen => screen.Split('\n').Any(line => line.Contains("sleeper", StringComparison.Ordinal) && line.Contains("SUSPENDED", StringComparison.Ordinal)), "a suspended process");
        await top.PressAsync("r");
        await top.UntilAsync("resumed sleeper");

        await top.PressAsync("/\u001b");
        await top.UntilAsync("talker");
        await top.PressAsync("t");
        await top.UntilAsync("▾ init");
        await top.ResizeAsync(60, 12);
        await top.UntilAsync(screen => screen.Split('\n').Length == 12 && screen.Split('\n')[11].StartsWith("q quit", StringComparison.Ordinal), "the smaller screen");
        await top.PressAsync("?");
        await top.UntilAsync("kill the selected process");
        await top.PressAsync("?" + Down + "q");

        Assert.Equal(0, await top.WaitAsync());
        Assert.False(top.IsAlternate);
        Assert.True(top.ShowsCursor);

        shell.Signal(ShellProcess.Interrupt);
        await PlainAsync(home);
        shell.CloseInput();
        await shell.WaitAsync();
    }

    [Fact]
    public async Task A_signal_brings_the_terminal_back_and_NO_COLOR_is_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The pseudo-terminal is Python's pty.");
        using var home = new TempFolder();
        using var top = TerminalProcess.Start(home.Path, 100, 24, new Dictionary<string, string> { ["NO_COLOR"] = "1" }, "top", "--data", home.File("data"));
        await top.UntilAsync("init");
        Assert.True(top.IsAlternate);
        Assert.DoesNotMatch(@"\u001b\[(1;)?[39]\d", top.Raw);
        await top.SignalAsync(ShellProcess.Terminate);

        Assert.Equal(143, await top.WaitAsync());
        Assert.False(top.IsAlternate);
        Assert.True(top.ShowsCursor);
    }

    /// <summary>The plain form, beside the same system.</summary>
    private static async Task PlainAsync(TempFolder home)
    {
        using var json = await ShellProcess.RunAsync(home.Path, "top", "-o", "json", "--filter", "sleeper", "--data", home.File("data"));
        Assert.True(json.ExitCode == 0, json.Error);
        Assert.DoesNotContain('\u001b', json.Output + json.Error);
        var sample = JsonDocument.Parse(json.Output).RootElement;
        var sleeper = Assert.Single(sample.GetProperty("processes").EnumerateArray());
        Assert.Equal(("sleeper", 10, "NORMAL"), (sleeper.GetProperty("name").GetString(), sleeper.GetProperty("priority").GetInt32(), sleeper.GetProperty("class").GetString()));
        Assert.True(sample.GetProperty("devices").GetArrayLength() > 0);

        using var table = await ShellProcess.RunAsync(home.Path, "top", "--sort", "name", "--data", home.File("data"));
        Assert.True(table.ExitCode == 0, table.Error);
        Assert.DoesNotContain('\u001b', table.Output);
        Assert.Matches(@"(?m)^llmos top  \d\d:\d\d:\d\d  \d+ processes: ", table.Output);
        Assert.Matches(@"(?m)^ *PID  NAME +STATE +WAITS FOR +PRIO +CLASS ", table.Output);

        using var status = await ShellProcess.RunAsync(home.Path, "status", "-o", "json", "--data", home.File("data"));
        Assert.True(status.ExitCode == 0, status.Error);
        var report = JsonDocument.Parse(status.Output).RootElement;
        Assert.True(report.GetProperty("running").GetBoolean());
        Assert.StartsWith("127.0.0.1:", report.GetProperty("gateway").GetString(), StringComparison.Ordinal);

        using var words = await ShellProcess.RunAsync(home.Path, "complete", "--prefix=sle", "--", "kill", "--data", home.File("data"));
        Assert.Equal("sleeper", words.Output.Trim());
    }
}
