namespace LLMOS.Shell.Tests;

/// <summary>The commands of the message bus.</summary>
public sealed class BusTests
{
    [Fact]
    public async Task Groups_broadcasts_dead_letters_and_replays_in_one_session()
    {
        using var home = new TempFolder();
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync("""
            spawn inbox --mailbox
            spawn heir --mailbox
            join @listeners inbox heir
            groups
            send @listeners "for the group" --type NOTIFICATION
            receive inbox --wait 20
            broadcast "for all of you"
            receive inbox --wait 20
            send inbox "never read"
            kill inbox
            groups listeners
            dead inbox
            leave listeners heir
            groups listeners
            send @listeners "nobody"
            replay 999999
            """ + "\n");
        shell.CloseInput();
        await shell.WaitAsync();

        Assert.Contains("for the group", shell.Output, StringComparison.Ordinal);
        Assert.Contains("for all of you", shell.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^listeners +inbox\(\d+\) heir\(\d+\)", shell.Output);
        Assert.Matches(@"(?m)^listeners +heir\(\d+\)\r?$", shell.Output);
        Assert.Matches(@"(?m)REQUEST +DROPPED +never read +Process \d+ \(inbox\) ended before it handled the message", shell.Output);
        Assert.Contains("llmos: There is no group 'listeners'", shell.Error, StringComparison.Ordinal);
        Assert.Contains("llmos: group: 'listeners' has no members", shell.Error, StringComparison.Ordinal);
        Assert.Contains("llmos: sequence: there is no message 999999", shell.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", shell.Error, StringComparison.Ordinal);

        // A script ends as its last line did.
        Assert.Equal(1, shell.ExitCode);
    }

    [Fact]
    public async Task To_ask_one_that_is_suspended_says_so_and_ends_in_time_with_a_code_of_its_own()
    {
        using var home = new TempFolder();
        using (var spawn = await ShellProcess.RunAsync(home.Path, "spawn", "sleeper", "You sleep.", "--data", home.File("data")))
            Assert.True(spawn.ExitCode == 0, spawn.Error);
        using (var suspend = await ShellProcess.RunAsync(home.Path, "suspend", "sleeper", "--data", home.File("data")))
            Assert.True(suspend.ExitCode == 0, suspend.Error);
        using var ask = await ShellProcess.RunAsync(home.Path, "ask", "sleeper", "Well?", "--timeout", "0.5", "--data", home.File("data"));
        Assert.Equal(124, ask.ExitCode);
        Assert.Contains("it is SUSPENDED and answers once it goes on: llmos resume", ask.Error, StringComparison.Ordinal);
        Assert.Contains("(sleeper) has not answered in time; it is SUSPENDED", ask.Error, StringComparison.Ordinal);
        Assert.Equal("", ask.Output);
    }
}
