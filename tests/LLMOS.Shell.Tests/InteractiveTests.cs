namespace LLMOS.Shell.Tests;

/// <summary>The shell without a command, driven through pipes, and commands on processes.</summary>
public sealed class InteractiveTests
{
    [Fact]
    public async Task Lines_are_commands_on_one_session_and_the_end_of_the_input_leaves()
    {
        using var home = new TempFolder();
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync("""
            # a comment
            spawn inbox --mailbox
            spawn helper "You help." --turn 8 -p LOW
            send inbox "first message"
            receive inbox --wait 20
            setpriority helper 4
            nice helper -2
            nice helper 100
            suspend helper
            resume helper
            ask helper "Say it"
            ps
            frobnicate now
            ps --data elsewhere
            kill helper
            ps -a
            help nice
            """ + "\n");
        shell.CloseInput();
        await shell.WaitAsync();

        Assert.DoesNotContain('\u001b', shell.Output + shell.Error);
        Assert.Contains("first message", shell.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^2\r?$", shell.Output);
        Assert.Matches(@"(?m)^19\r?$", shell.Output);
        Assert.Matches(@"(?m)^ *\d+  helper +BLOCKED receive +19 IDLE +[1-9]", shell.Output);
        Assert.Matches(@"(?m)^ *\d+  helper +TERMINATED kill", shell.Output);
        Assert.Contains("llmos: 'frobnicate' is no command: help lists them; a request in quotes is run.", shell.Error, StringComparison.Ordinal);
        Assert.Contains("llmos: --data and --connect are fixed while this shell runs", shell.Error, StringComparison.Ordinal);
        Assert.Contains("DELTA", shell.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", shell.Error, StringComparison.Ordinal);
        Assert.Equal(0, shell.ExitCode);
    }

    [Fact]
    public async Task A_tree_of_processes_is_limited_waited_for_and_killed()
    {
        using var home = new TempFolder();
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync("""
            limit @alice tokens 50000
            spawn elder "You help." --turn 8 --account alice
            spawn younger "You help." --turn 8 --parent elder --max-turns 1
            spawn later "You help." --turn 8 --after younger --after-policy wait
            ps
            ask younger "Say it"
            wait younger
            limit elder
            limit elder tokens 123
            limit younger tokens 1.5
            limit @proc/5
            spawn never "You help." --after 4711
            spawn caged --mailbox --permissions READ_CONTEXT,BROADCAST --isolated --no-network --tools none --gpu 0.5 --max-messages 2
            limit caged
            call getrlimit pid=caged
            spawn free --permissions FLY
            kill elder --tree
            ps -a
            """ + "\n");
        shell.CloseInput();
        await shell.WaitAsync();

        Assert.Matches(@"(?m)^ *\d+  later +BLOCKED dependency ", shell.Output);
        Assert.Matches(@"(?m)^ *\d+  elder +BLOCKED receive .* 0/10000, 10000 left ", shell.Output);
        Assert.Matches(@"(?m)^younger \(\d+\) ended with code 2: it has had all of its 1 turns\r?$", shell.Output);
        Assert.Matches(@"(?m)^tokens +50000 +0 +50000\r?$", shell.Output);
        Assert.Matches(@"(?m)^tokens +10000 +[1-9]\d* +\d+\r?$", shell.Output);
        Assert.Matches(@"(?m)^tokens +123 ", shell.Output);
        Assert.Matches(@"(?m)^ *\d+  elder +TERMINATED kill", shell.Output);
        Assert.Matches(@"(?m)^gpu +none +0\.5 *\r?$", shell.Output);
        Assert.Matches(@"(?m)^messages +2 +0 +2\r?$", shell.Output);
        Assert.Contains("'FLY' is no permission: use READ_CONTEXT", shell.Error, StringComparison.Ordinal);
        Assert.Contains("llmos: Process", shell.Error, StringComparison.Ordinal);
        Assert.Contains("'proc/5' is no account", shell.Error, StringComparison.Ordinal);
        Assert.Contains("There is no process 4711: 'ps' lists those there are.", shell.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", shell.Error, StringComparison.Ordinal);
        Assert.Equal(0, shell.ExitCode);
    }

    [Fact]
    public async Task Ctrl_C_stops_what_runs_and_not_the_shell()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent by kill(2).");
        using var home = new TempFolder();
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync("\"Create a web server\"\n");
        await shell.UntilAsync((output, _) => output.Contains("── coder-agent", StringComparison.Ordinal));
        shell.Signal(ShellProcess.Interrupt);
        await shell.UntilAsync((_, error) => error.Contains("goes on with: run --resume webserver-", StringComparison.Ordinal));
        await shell.WriteAsync("runs\n");
        await shell.UntilAsync((output, _) => output.Contains("INTERRUPTED", StringComparison.Ordinal));
        shell.CloseInput();
        await shell.WaitAsync();

        Assert.Equal(0, shell.ExitCode);
    }

    [Fact]
    public async Task A_shell_that_waits_for_a_line_ends_on_SIGTERM()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent by kill(2).");
        using var home = new TempFolder();
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync("ps\n");
        await shell.UntilAsync((output, _) => output.Contains("init", StringComparison.Ordinal));
        shell.Signal(ShellProcess.Terminate);

        Assert.Equal(143, await shell.WaitAsync());
    }

    [Fact]
    public async Task Another_shell_joins_a_booted_system()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent by kill(2).");
        using var home = new TempFolder();
        using var boot = ShellProcess.Start(home.Path, "boot", "--data", home.File("data"), "--http", "0");
        await boot.UntilAsync((output, _) => output.Contains("Dashboard http://", StringComparison.Ordinal));
        var gateway = boot.Output.Split('\n').Single(line => line.StartsWith("Gateway ", StringComparison.Ordinal))["Gateway ".Length..].Trim();

        using var spawn = await ShellProcess.RunAsync(home.Path, "spawn", "helper", "You help.", "--turn", "8", "--connect", gateway);
        Assert.True(spawn.ExitCode == 0, spawn.Error);
        using var ask = await ShellProcess.RunAsync(home.Path, "ask", "helper", "Say it", "--connect", gateway);
        Assert.True(ask.ExitCode == 0, ask.Error);
        Assert.NotEmpty(ask.Output.Trim());

        boot.Signal(ShellProcess.Interrupt);
        Assert.Equal(130, await boot.WaitAsync());
    }
}
