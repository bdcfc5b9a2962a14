namespace LLMOS.Shell.Tests.Terminal;

/// <summary>The interactive shell on a real terminal, with the model that comes with LLMOS.</summary>
public sealed class NlshTerminalTests
{
    private const string Up = "\u001b[A";

    [Fact]
    public async Task Lines_are_edited_completed_searched_and_sentences_are_shown_and_asked_about()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The pseudo-terminal is Python's pty.");
        using var home = new TempFolder();
        using var shell = TerminalProcess.Start(home.Path, 100, 40, Embedded, "--data", home.File("data"));
        await PromptAsync(shell);

        // Deterministic commands, with completion of commands and names.
        await shell.PressAsync("spawn poet --mailbox\r");
        await shell.UntilAsync(screen => screen.Contains("\n16\n", StringComparison.Ordinal), "the PID");
        await shell.PressAsync("setpr\tpo\t4\r");
        await shell.UntilAsync("llmos> setpriority poet 4");
        await PromptAsync(shell);
        await shell.PressAsync("ps\r");
        await shell.UntilAsync(screen => screen.Contains("poet", StringComparison.Ordinal) && screen.Contains("4 HIGH", StringComparison.Ordinal), "the priority");

        // A path of VectorFS.
        await PromptAsync(shell);
        await shell.PressAsync("fs ls /too\t");
        await shell.UntilAsync("llmos> fs ls /tools/");
        await shell.PressAsync("\u0003");
        await shell.UntilAsync("/tools/^C");

        // A line of two lines.
        await PromptAsync(shell);
        await shell.PressAsync("send poet \"one\rtwo\"\r");
        await shell.UntilAsync("     > two\"");
        await PromptAsync(shell);
        await shell.PressAsync("receive poet --wait 20\r");
        await shell.UntilAsync("one\ntwo");

        // What was entered before, by the arrow and by a search.
        await PromptAsync(shell);
        await shell.PressAsync(Up + Up);
        await shell.UntilAsync(screen => screen.TrimEnd().EndsWith("llmos> send poet \"one\n     > two\"", StringComparison.Ordinal), "the line before");
        await shell.PressAsync("\u0003");
        await PromptAsync(shell);
        await shell.PressAsync("\u0012setp");
        await shell.UntilAsync("(search 'setp'): setpriority poet 4");
        await shell.PressAsync("\u001b[F\u007f7\r");
        await shell.UntilAsync("llmos> setpriority poet 7");

        // A sentence: the plan, and no question before what can be undone.
        await PromptAsync(shell);
        await shell.PressAsync("please suspend process 16\r");
        await shell.UntilAsync(screen => screen.Contains("suspend pid=16", StringComparison.Ordinal) && screen.Contains("poet (PID 16) is SUSPENDED", StringComparison.Ordinal), "the suspension");

        // Before what cannot be, it is asked; no is the answer unless it is yes.
        await PromptAsync(shell);
        await shell.PressAsync("please kill process 16\r");
        await shell.UntilAsync("Do this, which cannot be taken back: kill pid=16? [y/N]");
        await shell.PressAsync("\r");
        await shell.UntilAsync("Nothing was done.");
        await PromptAsync(shell);
        await shell.PressAsync(Up + "\r");
        await shell.UntilAsync(screen => screen.Split("which cannot be taken back").Length == 3, "the second question");
        await shell.PressAsync("y\r");
        await shell.UntilAsync("poet (PID 16) is TERMINATED");

        await PromptAsync(shell);
        await shell.PressAsync("\u0004");
        Assert.Equal(0, await shell.WaitAsync());
        Assert.Contains("please kill process 16", await File.ReadAllTextAsync(Path.Combine(home.File("data"), "history"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_stops_a_generation_and_not_the_shell()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The pseudo-terminal is Python's pty.");
        using var home = new TempFolder();
        using var shell = TerminalProcess.Start(home.Path, 100, 30, new Dictionary<string, string>(), "--data", home.File("data"));
        await PromptAsync(shell);
        await shell.PressAsync("spawn talker \"You talk.\" --turn 100000 --budget 1000000\r");
        await PromptAsync(shell);
        await shell.PressAsync("ask talker go\r");
        await shell.UntilAsync(screen => screen.Split('\n').SkipWhile(line => !line.Contains("ask talker go", StringComparison.Ordinal)).Skip(1).Any(line => line.Trim().Length > 0), "what it says");
        await shell.PressAsync("\u0003");
        await PromptAsync(shell);
        await shell.PressAsync("status\r");
        await shell.UntilAsync("runs in process");
        await PromptAsync(shell);
        await shell.PressAsync("exit\r");
        Assert.Equal(0, await shell.WaitAsync());
    }

    private static Dictionary<string, string> Embedded => new() { ["LLMOS_MODEL"] = "nano" };

    /// <summary>Waits for an empty prompt, below all that was written.</summary>
    private static Task PromptAsync(TerminalProcess shell) => shell.UntilAsync(screen => screen.TrimEnd().EndsWith("\nllmos>", StringComparison.Ordinal), "the prompt");
}
