using System.Text.Json;
using System.Text.RegularExpressions;

namespace LLMOS.Shell.Tests;

/// <summary>The commands of VectorFS.</summary>
public sealed partial class FilesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_are_taken_in_found_changed_rolled_back_and_given_out()
    {
        using var home = new TempFolder();
        var notes = Directory.CreateDirectory(home.File("notes/deep")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(notes, "bread.md"), "# Bread\n\nKnead the dough and bake it in a hot oven.\n", Stop);
        await File.WriteAllTextAsync(Path.Combine(notes, "deep", "planets.md"), "# Planets\n\nJupiter has moons that a telescope shows.\n", Stop);
        await File.WriteAllBytesAsync(Path.Combine(notes, "image.bin"), [0, 1, 2, 255], Stop);
        await File.WriteAllTextAsync(Path.Combine(notes, "astray"), "A directory is there.", Stop);
        if (!OperatingSystem.IsWindows())
        {
            await File.WriteAllTextAsync(Path.Combine(notes, "a\nb"), "Its name is none here.", Stop);
        }

        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync($"""
            fs mkdir /knowledge/notes/astray
            fs import {notes} /knowledge/notes
            fs import {notes} /knowledge/notes
            fs rm /knowledge/notes/astray
            fs export /knowledge/notes {home.File("notes/bread.md")}
            fs search "moons and a telescope"
            fs ls /knowledge/notes -s "baking bread"
            fs grep DOUGH /knowledge
            fs append /knowledge/notes/bread.md "Let it cool."
            fs diff /knowledge/notes/bread.md
            fs diff /knowledge/notes/bread.md 1 1
            fs diff /knowledge/notes/deep/planets.md
            fs rollback /knowledge/notes/bread.md
            fs history /knowledge/notes/bread.md
            fs write /knowledge/notes/bread.md "mine" --expect 1
            fs mv /knowledge/notes/deep /apps/space
            fs cat /apps/space/planets.md
            cat /apps/space/planets.md
            fs rm /apps/space
            fs cat /../secret
            fs export /knowledge/notes {home.File("out")}
            do "list what is in /apps"
            call cd "path=notes about bread"
            """ + "\n");
        shell.CloseInput();
        await shell.WaitAsync();

        var leftOut = OperatingSystem.IsWindows() ? 2 : 3;
        Assert.Contains($"2 taken in, 0 unchanged, {leftOut} left out", shell.Output, StringComparison.Ordinal);
        Assert.Contains($"0 taken in, 2 unchanged, {leftOut} left out", shell.Output, StringComparison.Ordinal);
        Assert.Contains("image.bin is no UTF-8 text", shell.Error, StringComparison.Ordinal);
        Assert.Contains("astray is left out: /knowledge/notes/astray is a directory", shell.Error, StringComparison.Ordinal);
        Assert.Contains("bread.md' is a file: name a folder, which is made where there is none.", shell.Error, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^0\.\d\d +/knowledge/notes/deep/planets\.md +1 +# Planets +Jupiter", shell.Output);
        Assert.Matches(@"(?m)^0\.\d\d +/knowledge/notes/bread\.md", shell.Output);
        Assert.Contains("/knowledge/notes/bread.md:3: Knead the dough", shell.Output, StringComparison.Ordinal);
        Assert.Contains("--- /knowledge/notes/bread.md (version 1)", shell.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^\+Let it cool\.\r?$", shell.Output);
        Assert.Contains("llmos: /knowledge/notes/deep/planets.md has one version only: there is none to compare it with.", shell.Error, StringComparison.Ordinal);
        Assert.Contains("/knowledge/notes/bread.md is at version 3", shell.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ +3 .* local +rolled back to version 1", shell.Output);
        Assert.Contains("llmos: /knowledge/notes/bread.md is at version 3, not 1: somebody else wrote it", shell.Error, StringComparison.Ordinal);
        Assert.Contains("Jupiter has moons", shell.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("context region '/apps/space/planets.md'", shell.Error, StringComparison.Ordinal);
        Assert.Contains("llmos: /apps/space is not empty, 1 files and directories lie in it", shell.Error, StringComparison.Ordinal);
        Assert.Contains("llmos: '/../secret' is no path: it leads out of the tree, above /.", shell.Error, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^/knowledge/notes\r?$", shell.Output);
        Assert.DoesNotContain("Exception", shell.Error, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(notes, "bread.md"), Stop), await File.ReadAllTextAsync(home.File("out/bread.md"), Stop));

        using var list = await ShellProcess.RunAsync(home.Path, "fs", "ls", "/apps", "-o", "json", "--data", home.File("data"));
        var node = Assert.Single(JsonDocument.Parse(list.Output).RootElement.EnumerateArray(), node => node.GetProperty("path").GetString() == "/apps/space");
        Assert.Equal("directory", node.GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Links_are_made_shown_taken_along_and_refused_in_a_circle()
    {
        using var home = new TempFolder();
        var notes = Directory.CreateDirectory(home.File("notes/deep")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(notes, "a.md"), "Knead the dough.\n", Stop);
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(Path.Combine(notes, "deep", "up.md"), "../a.md");
            File.CreateSymbolicLink(Path.Combine(notes, "circle"), ".");
            File.CreateSymbolicLink(Path.Combine(notes, "out"), "/etc/passwd");
        }

        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync($"""
            fs import {notes} /apps/notes
            fs import {notes} /apps/notes
            fs cat /apps/notes/circle/deep/up.md
            fs ln /apps/notes/a.md /apps/notes/deep
            fs ln -s notes /apps/short
            fs ln -s self /apps/self
            fs ln /apps/notes /apps/again
            fs append /apps/short/deep/a.md "Bake it."
            fs cat /apps/notes/a.md
            fs search "knead dough" /apps
            fs search "knead dough" /apps -o json
            fs ls /apps/notes/deep
            fs ls /apps
            fs export /apps/notes {home.File("out")}
            fs rm /apps/notes/a.md
            fs history /apps/notes/deep/a.md
            """ + "\n");
        shell.CloseInput();
        await shell.WaitAsync();

        Assert.Contains("3 taken in, 0 unchanged, 1 left out", shell.Output, StringComparison.Ordinal);
        Assert.Contains("0 taken in, 3 unchanged, 1 left out", shell.Output, StringComparison.Ordinal);
        Assert.Contains("out is a link out of the folder, and left out", shell.Error, StringComparison.Ordinal);
        Assert.Contains("llmos: /apps/self would lead to itself: let it lead to something else.", shell.Error, StringComparison.Ordinal);
        Assert.Contains("llmos: /apps/notes is a directory, and only files have several names: make a symbolic link to it", shell.Error, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^Knead the dough\.\r?\nBake it\.", shell.Output);
        Assert.Matches(@"(?m) /apps/notes/(deep/)?a\.md \(also /apps/notes/(deep/)?a\.md\) +1 +Knead", shell.Output);
        Assert.Contains("\"otherPaths\": [", shell.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^a\.md \(2 names\) ", shell.Output);
        Assert.Matches(@"(?m)^up\.md -> \.\./a\.md ", shell.Output);
        Assert.Matches(@"(?m)^short -> notes ", shell.Output);
        Assert.Matches(@"(?m)^ +2 .* local +appended", shell.Output);
        Assert.DoesNotContain("Exception", shell.Error, StringComparison.Ordinal);
        Assert.Equal("../a.md", new FileInfo(home.File("out/deep/up.md")).LinkTarget);
        Assert.Equal("Knead the dough.\nBake it.", await File.ReadAllTextAsync(home.File("out/deep/up.md"), Stop));
        Assert.False(Path.Exists(home.File("out/out")));
    }

    [Fact]
    public async Task Files_are_found_by_name_kind_size_time_owner_and_meaning()
    {
        using var home = new TempFolder();
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync("""
            fs mkdir /apps/found/deep
            fs write /apps/found/Bread.md "Knead the dough and bake it in a hot oven."
            fs write /apps/found/deep/moons.md "A telescope shows the moons of Jupiter, of which there are many more than four, as has been known for a long time."
            fs write /apps/found/deep/empty ""
            fs ln -s deep /apps/found/link
            find /apps/found --name "*.md"
            fs find /apps/found --iname "B*" --type f -o json
            fs find /apps/found --type d -o yaml
            fs ls /apps/found -n 2 -o json
            find /apps/found --type l
            fs find /apps/found --size +100 --newer 1h
            fs find /apps/found --size 0
            fs find /apps/found --size -1k --type f --depth 1
            find /apps/found --older 1h
            find /apps/found --meaning "moons and telescopes" --name "*.md" -n 1
            find / --name system --owner kernel
            find /apps/found --name "[a"
            find /apps/found --name a/b
            find /apps/found --type x
            find /apps/found --size +10x
            find /apps/found --size -0
            find /apps/found --size 99999999999999999999G
            find /apps/found --newer yesterday
            find /apps/found --depth -1
            find /apps/found --owner 999999
            find /apps/found -n 0
            find /apps/found --meaning ""
            find /apps/nowhere
            find found
            """ + "\n");
        shell.CloseInput();
        await shell.WaitAsync();
        var lines = shell.Output.ReplaceLineEndings("\n");
        Assert.Contains("There is more in /apps/found than these 2: --lines shows up to 10000, and fs find --depth 1 all.", shell.Error, StringComparison.Ordinal);
        Assert.Contains("/apps/found/Bread.md\n/apps/found/deep/moons.md\n[\n", lines, StringComparison.Ordinal);
        Assert.Contains("    \"path\": \"/apps/found/Bread.md\",\n    \"kind\": \"file\",\n    \"bytes\": 42,", lines, StringComparison.Ordinal);
        Assert.Contains("- path: /apps/found/deep\n  kind: directory\n", lines, StringComparison.Ordinal);
        Assert.EndsWith(
            """
            /apps/found/link
            /apps/found/deep/moons.md
            /apps/found/deep/empty
            /apps/found/Bread.md
            /apps/found/deep/moons.md
            /logs/system

            """.ReplaceLineEndings("\n"),
            lines,
            StringComparison.Ordinal);
        Assert.Equal(
            [
                "llmos: --name: '[a' is no pattern of names: its '[' has no ']': close it, or write '\\[' for a bracket.",
                "llmos: --name: 'a/b' is no pattern of names: no name has a '/': say as the path where to look.",
                "llmos: --type is 'x': use f for files, d for directories or l for symbolic links.",
                "llmos: --size is '+10x', which is no size: use bytes such as 100, or 10k, 2M, 1G; with + before it more than that, with - less.",
                "llmos: --size is '-0', and no file has less than nothing: use 0 for empty files.",
                "llmos: --size is '99999999999999999999G', which is no size: use bytes such as 100, or 10k, 2M, 1G; with + before it more than that, with - less.",
                "llmos: --newer is 'yesterday', which is no time: use one such as 2026-01-31T12:00, or how long ago, such as 90s, 10m, 2h or 7d.",
                "llmos: --depth is -1: use 0 for PATH itself, 1 for what is in it, and so on.",
                "llmos: There is no process 999999, whose files could be found: name the principal that they are of.",
                "llmos: --lines is 0: use 1 or more.",
                "llmos: --meaning is empty: say what it should be about.",
                "llmos: There is nothing at '/apps/nowhere': ls lists what there is.",
                "llmos: 'found' is no path: begin it with '/' or './', or use search to find what is about it.",
            ],
            shell.Error.ReplaceLineEndings("\n").Split('\n').Where(line => line.StartsWith("llmos: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Cd_goes_to_a_directory_by_path_and_by_meaning_and_relative_paths_begin_there()
    {
        using var home = new TempFolder();
        await File.WriteAllTextAsync(home.File("host.md"), "From outside.", Stop);
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync($"""
            fs mkdir /knowledge/facts/machine-learning
            fs write /knowledge/facts/machine-learning/nets.md "Neural networks learn from examples."
            cd "the directory about machine learning"
            fs cat nets.md
            cat ./nets.md
            ls
            find --name "*.md"
            fs grep NEURAL
            grep neural
            fs append nets.md " More."
            fs write new.md "text"
            fs mv new.md ../moved.md
            fs ln -s nets.md link
            fs ln nets.md other.md
            fs import {home.File("host.md")}
            call write path=called.md text=called
            fs find -n 20
            cd ..
            fs find --depth 1
            cd machine-learning/nets.md
            cd /
            fs ls nets.md
            fs history knowledge/facts/machine-learning/other.md
            fs export knowledge/facts/machine-learning {home.File("out")}
            """ + "\n");
        shell.CloseInput();
        await shell.WaitAsync();
        var lines = shell.Output.ReplaceLineEndings("\n");
        const string Here = "/knowledge/facts/machine-learning";
        Assert.Contains($"\n{Here}\nNeural networks learn from examples.", lines, StringComparison.Ordinal);
        Assert.Contains($"\n{Here}/nets.md:1: Neural", lines, StringComparison.Ordinal);
        Assert.Contains($"{Here}/nets.md is at version 2\n{Here}/new.md is at version 1\n/knowledge/facts/moved.md\n{Here}/link\n{Here}/other.md\n1 taken in", lines, StringComparison.Ordinal);
        Assert.Contains($"\n{Here}\n{Here}/called.md\n{Here}/host.md\n{Here}/link\n{Here}/nets.md\n{Here}/other.md\n/knowledge/facts\n/knowledge/facts\n{Here}\n/knowledge/facts/moved.md\n", lines, StringComparison.Ordinal);
        Assert.Contains($"llmos: {Here}/nets.md is a file, not a directory.", shell.Error, StringComparison.Ordinal);
        Assert.Contains("llmos: There is nothing at '/nets.md'", shell.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(home.File("out/called.md")));
    }

    [Fact]
    public async Task Whoever_watches_a_directory_sees_a_line_for_each_change_of_others_until_it_is_interrupted()
    {
        using var home = new TempFolder();
        using var silo = ShellProcess.Start(home.Path, "boot", "--data", home.File("data"));
        await silo.UntilAsync((output, _) => Gateway().IsMatch(output));
        var gateway = Gateway().Match(silo.Output).Groups[1].Value;
        using var watch = ShellProcess.Start(home.Path, "fs", "watch", "/apps", "--connect", gateway);
        using var shell = ShellProcess.Start(home.Path, "--connect", gateway);

        // It watches from some moment on: what is written before that is not heard of.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var i = 1; watch.Output.Length == 0; i++)
        {
            await shell.WriteAsync("fs write /apps/begin text\n");
            await pause.WaitForNextTickAsync(limit.Token);
        }

        await shell.WriteAsync("""
            fs write /knowledge/elsewhere text
            fs mkdir /apps/new
            fs write /apps/new/a.md text
            fs append /apps/new/a.md more
            fs ln /apps/new/a.md /apps/b.md
            fs mv /apps/b.md /apps/c.md
            fs share /apps/c.md
            fs rm -r /apps/new
            """ + "\n");
        shell.CloseInput();
        await watch.UntilAsync((output, _) => output.Contains("removed /apps/new by", StringComparison.Ordinal));
        await shell.WaitAsync();
        watch.Signal(ShellProcess.Interrupt);
        Assert.Equal(130, await watch.WaitAsync());
        var lines = watch.Output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches(@"^written /apps/begin version \d+ by ", lines[0]);
        Assert.All(lines, line => Assert.EndsWith(lines[0][lines[0].LastIndexOf(" by ", StringComparison.Ordinal)..], line, StringComparison.Ordinal));
        Assert.Equal(
            [
                "made /apps/new", "written /apps/new/a.md version 1", "written /apps/new/a.md version 2", "linked /apps/b.md to /apps/new/a.md", "moved /apps/b.md to /apps/c.md", "shared /apps/c.md",
                "removed /apps/new",
            ],
            lines.Select(line => line[..line.LastIndexOf(" by ", StringComparison.Ordinal)]).Where(line => !line.Contains("/apps/begin", StringComparison.Ordinal)));
        Assert.Equal("", watch.Error);
    }

    [Fact]
    public async Task A_file_of_two_gigabytes_is_left_out_with_a_sentence_and_never_read_whole()
    {
        using var home = new TempFolder();
        var folder = Directory.CreateDirectory(home.File("large")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "small.txt"), "Something to be found.", Stop);

        // As long as it says, with nothing on the disk.
        using (var sparse = new FileStream(Path.Combine(folder, "huge.txt"), FileMode.CreateNew))
        {
            sparse.SetLength(2L * 1024 * 1024 * 1024);
        }

        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync($"""
            fs import {folder} /apps/large
            index {folder}
            fs ls /apps/large
            """ + "\n");
        shell.CloseInput();
        await shell.WaitAsync();
        Assert.Contains("1 taken in, 0 unchanged, 1 left out", shell.Output, StringComparison.Ordinal);
        Assert.Contains("huge.txt is no UTF-8 text of up to 8 MiB, and left out", shell.Error, StringComparison.Ordinal);
        Assert.Contains("large: 1 indexed (1 pieces), 0 unchanged, 0 removed, 1 left out", shell.Output, StringComparison.Ordinal);
        Assert.Contains("huge.txt has more than 64 MiB, and is left out", shell.Error, StringComparison.Ordinal);
        using var write = ShellProcess.Start(home.Path, "sh", ["-c", "\"$0\" fs write /apps/huge --data data < large/huge.txt", ShellProcess.Program]);
        Assert.Equal(2, await write.WaitAsync());
        Assert.Contains("standard input is longer than 8 MiB, which is the most of a file: divide it.", write.Error, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"Gateway (localhost:\d+)\s")]
    private static partial Regex Gateway();
}
