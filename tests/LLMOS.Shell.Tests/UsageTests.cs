namespace LLMOS.Shell.Tests;

/// <summary>Command lines that are wrong: exit code 2, one sentence, nothing on standard output, no silo.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("frob", "llmos: 'frob' is no command: see llmos --help.")]
    [InlineData("ps --frob", "llmos: '--frob' is no option of this command: see llmos ps --help, or put -- before a text that begins so.")]
    [InlineData("run --frob", "llmos: '--frob' is no option of this command: see llmos run --help, or put -- before a text that begins so.")]
    [InlineData("run a --frob", "llmos: '--frob' is no option of this command: see llmos run --help, or put -- before a text that begins so.")]
    [InlineData("run", "llmos: There is no request: say what you want, such as llmos run \"Create a web server\".")]
    [InlineData("run ", "llmos: The request is empty: say what you want, such as llmos run \"Create a web server\".")]
    [InlineData("run build it", "llmos: 'it' is one argument too many; put a text of several words in quotes: see llmos run --help.")]
    [InlineData("run --resume x-1 again", "llmos: --resume goes on with x-1 as it was begun: leave the request, --workflow, --seed and --model out.")]
    [InlineData("run --seed many x", "llmos: --seed is 'many', which is no number: see llmos run --help.")]
    [InlineData("setpriority 5 20", "llmos: Priority 20 is outside the scale: use 0 (highest) to 19, or REALTIME, HIGH, NORMAL, LOW or IDLE.")]
    [InlineData("setpriority 5 -1", "llmos: Priority -1 is outside the scale: use 0 (highest) to 19, or REALTIME, HIGH, NORMAL, LOW or IDLE.")]
    [InlineData("swapmodel 5", "llmos: swapmodel wants MODEL: see llmos swapmodel --help.")]
    [InlineData("spawn x --adapter pirate=0", "llmos: The scale of the adapter 'pirate' is '0': use a number other than 0, such as pirate=0.5.")]
    [InlineData("setpriority 5 urgent", "llmos: 'urgent' is no priority: use 0 (highest) to 19, or REALTIME, HIGH, NORMAL, LOW or IDLE.")]
    [InlineData("spawn x --priority 20", "llmos: Priority 20 is outside the scale: use 0 (highest) to 19, or REALTIME, HIGH, NORMAL, LOW or IDLE.")]
    [InlineData("limit 5 fuel 3", "llmos: 'fuel' is no limit: use tokens, slice, hardcap, requests, rate, processes, context, gpu, messages.")]
    [InlineData("limit 5 tokens", "llmos: limit tokens wants a value: a number, 0 for no limit.")]
    [InlineData("limit 5 tokens many", "llmos: VALUE is 'many', which is no number: see llmos limit --help.")]
    [InlineData("spawn x --restart 1", "llmos: '1' is no restart policy: use never, on-failure or always.")]
    [InlineData("spawn x --durability page", "llmos: 'page' is no durability: use turn or token.")]
    [InlineData("spawn x --after-policy panic", "llmos: 'panic' is no dependency policy: use fail, ignore or wait.")]
    [InlineData("wait", "llmos: wait wants PID|NAME: see llmos wait --help.")]
    [InlineData("log -n 0", "llmos: --lines is 0: use 1 to 100000.")]
    [InlineData("ps -o xml", "llmos: 'xml' is no output format: use table, json or yaml.")]
    [InlineData("kill", "llmos: kill wants PID|NAME: see llmos kill --help.")]
    [InlineData("ps --connect nowhere:x", "llmos: 'nowhere:x' is no address of a silo: use HOST:PORT, such as localhost:30000.")]
    [InlineData("boot --http 70000", "llmos: --http is 70000: use 1 to 65535, or 0 for any that is free.")]
    [InlineData("receive --wait -1", "llmos: --wait is -1: use 0 to 86400 seconds.")]
    [InlineData("ask 5 x --timeout 0", "llmos: --timeout is 0: use more than 0 and at most 86400 seconds.")]
    [InlineData("send 5 x --deadline soon", "llmos: --deadline is 'soon', which is no number: see llmos send --help.")]
    [InlineData("replay first", "llmos: 'first' is no number of a dead letter: llmos dead lists them.")]
    [InlineData("dead -n 0", "llmos: --lines is 0: use 1 to 100000.")]
    [InlineData("join @ 5", "llmos: The group has no name: give it one of letters, digits, '-', '_' and '.'.")]
    [InlineData("mount", "llmos: mount wants DIR: see llmos mount --help.")]
    [InlineData("top --sort fuel", "llmos: 'fuel' is no column: use pid, name, state, waits, priority, class, context, kv, decode, prefill, ttft, queue, budget, preempted, faults, model, kind, parent, tokens, turns, mail, owner.")]
    [InlineData("top --delay 0", "llmos: --delay is 0: use 0.1 to 3600 seconds.")]
    [InlineData("completion tcsh", "llmos: There is no completion for 'tcsh': use bash, zsh, fish or pwsh.")]
    [InlineData("config get Gatewayport2", "llmos: 'Gatewayport2' is no option of the configuration: llmos config list --all lists them.")]
    [InlineData("config set Data x", "llmos: The file lies in the data folder, so that it cannot say where that is: use --data, or LLMOS_DATA.")]
    [InlineData("simulate --devices 0", "llmos: --devices is 0: it must be 1 or more.")]
    [InlineData("logs -f -o json", "llmos: --follow writes text as it comes: leave -o out, or --follow.")]
    [InlineData("do x -o json", "llmos: -o is for the calls that --dry-run shows: add that, or leave -o out.")]
    [InlineData("share /context/a", "llmos: share wants PID|NAME: see llmos share --help.")]
    [InlineData("help frobnicate", "llmos: 'frobnicate' is no command: see llmos --help.")]
    [InlineData("ps --data d --connect localhost:1", "llmos: --data names the folder of an embedded silo and --connect a cluster: say one of them.")]
    public async Task A_wrong_command_line_is_told_in_one_sentence(string line, string sentence)
    {
        using var home = new TempFolder();
        using var shell = await ShellProcess.RunAsync(home.Path, line.Split(' '));

        Assert.Equal(sentence + Environment.NewLine, shell.Error);
        Assert.Equal("", shell.Output);
        Assert.Equal(2, shell.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(home.Path));
    }

    [Fact]
    public async Task A_request_from_standard_input_that_is_empty_too_long_or_no_text_is_refused()
    {
        using var home = new TempFolder();
        using var empty = await ShellProcess.RunAsync(home.Path, "run", "-");
        Assert.Equal("llmos: The request from standard input is empty: say what you want." + Environment.NewLine, empty.Error);
        Assert.Equal(2, empty.ExitCode);

        using var large = ShellProcess.Start(home.Path, "run", "-");
        await large.WriteAsync(new string('x', 1024 * 1024));
        large.CloseInput();
        Assert.Equal(2, await large.WaitAsync());
        Assert.Equal(
            "llmos: The request is longer than 64 KiB, more than a model reads at once: shorten it, or put the rest into a workflow's prompts." + Environment.NewLine,
            large.Error);

        using var argument = await ShellProcess.RunAsync(home.Path, "run", new string('x', 100 * 1024));
        Assert.Equal(large.Error, argument.Error);
        Assert.Equal(2, argument.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(home.Path));
    }

    [Theory]
    [InlineData("--version", "llmos 0.1.0")]
    [InlineData("--help", "Commands:")]
    [InlineData("run --help", "--workflow")]
    [InlineData("models", "nano")]
    [InlineData("help kill", "--tree")]
    [InlineData("lendattention --help", "--percentage")]
    [InlineData("completion bash", "complete -o bashdefault -F _llmos llmos")]
    [InlineData("complete --prefix=sus --", "suspend")]
    [InlineData("config list --all -q", "Models:Policy")]
    [InlineData("simulate --requests 200 --devices 2 --policy fair -q", "makespan")]
    [InlineData("simulate --requests 200 --devices 2 --policy fair -q -o yaml", "totals:")]
    public async Task What_needs_no_silo_starts_none(string line, string part)
    {
        using var home = new TempFolder();
        using var shell = await ShellProcess.RunAsync(home.Path, line.Split(' '));

        Assert.Equal("", shell.Error);
        Assert.Contains(part, shell.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shell.Output);
        Assert.Equal(0, shell.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(home.Path));
    }
}
