using System.Text.Json;

namespace LLMOS.Shell.Tests;

/// <summary><c>mem</c>, and the directories that show the system.</summary>
public sealed class MemoryTests
{
    [Fact]
    public async Task Levels_pages_pins_and_views_are_shown_and_what_is_wrong_has_a_sentence()
    {
        using var home = new TempFolder();
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync("""
            spawn keeper "You keep notes." --paging pinned-first
            spawn wrong "x" --paging random
            send keeper "remember the milk"
            call malloc name=/context/list purpose=groceries
            malloc "store user preferences"
            malloc groceries --purpose groceries
            ls /apps
            grep "what a syscall takes" --path /apps
            mem
            mem /context/list
            mem /context/list --pin 0
            mem /context/nothing
            mem --pin 3
            fs ls /tools
            fs cat /agents/16
            fs write /tools/spawn "no"
            spawn leaky --mailbox
            call malloc --as leaky name=kept "purpose=user preferences"
            call malloc --as leaky name=freed
            call free --as leaky region=/mem/17/freed
            kill leaky
            wait 17
            """ + "\n");
        shell.CloseInput();
        await shell.WaitAsync();

        Assert.Matches(@"(?m)^S127\S+ +L1 +\d+", shell.Output);
        Assert.Matches(@"(?m)^S127\S+ +L3 +\d+", shell.Output);
        Assert.Matches(@"(?m)^S127\S+ +disk +\d+ +[\d.]+ .iB", shell.Output);
        Assert.Matches(@"(?m)^PAGE +TOKENS +PINNED", shell.Output);
        Assert.Matches(@"(?m)\bsetpriority\b", shell.Output);
        Assert.Contains("/mem/local/storeuserpreferences", shell.Output, StringComparison.Ordinal);
        Assert.Contains("'groceries' and --purpose say the same thing twice: leave one of them out.", shell.Error, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^templates/ ", shell.Output);
        Assert.Contains("name: keeper", shell.Output, StringComparison.Ordinal);
        Assert.Contains("'random' is no paging policy: use attention, lru or pinned-first.", shell.Error, StringComparison.Ordinal);
        Assert.Contains("The region /context/list has no page 0: it has 0", shell.Error, StringComparison.Ordinal);
        Assert.Contains("There is no context region '/context/nothing'", shell.Error, StringComparison.Ordinal);
        Assert.Contains("--pin and --unpin want the region", shell.Error, StringComparison.Ordinal);
        Assert.Contains("/tools/spawn cannot be changed: /tools shows the system as it is now.", shell.Error, StringComparison.Ordinal);

        // What was not freed is named to whoever waits for the process, and in the log of the silo.
        Assert.Matches(@"(?m)^leaky \(17\) ended with code 137: killed by the user", shell.Output);
        Assert.Contains("It allocated and did not free /mem/17/kept: llmos call free region=PATH frees one.", shell.Error, StringComparison.Ordinal);
        var log = string.Concat(Directory.GetFiles(home.File("data/logs"), "*.log").Select(File.ReadAllText));
        Assert.Contains("Process 17 (leaky) has ended and did not free 1 of the regions that it allocated: /mem/17/kept.", log, StringComparison.Ordinal);

        using var list = await ShellProcess.RunAsync(home.Path, "mem", "-o", "json", "--data", home.File("data"));
        var levels = JsonDocument.Parse(list.Output).RootElement.EnumerateArray().Select(level => level.GetProperty("level").GetString());
        Assert.Equal(["L1", "L2", "L3", "RAM", "embeddings", "disk"], levels);
        using var ps = await ShellProcess.RunAsync(home.Path, "ps", "-o", "json", "--data", home.File("data"));
        var keeper = Assert.Single(JsonDocument.Parse(ps.Output).RootElement.EnumerateArray(), process => process.GetProperty("name").GetString() == "keeper");
        Assert.Equal("/proc/16/context", keeper.GetProperty("region").GetString());
        Assert.Equal(0, keeper.GetProperty("paging").GetProperty("faults").GetInt32());
    }
}
