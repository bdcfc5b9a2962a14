using System.Text.Json;

namespace LLMOS.Shell.Tests;

/// <summary>The commands of VectorFS.</summary>
public sealed class FilesTests
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
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync($"""
            fs import {notes} /knowledge/notes
            fs import {notes} /knowledge/notes
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

        Assert.Contains("2 taken in, 0 unchanged, 1 left out", shell.Output, StringComparison.Ordinal);
        Assert.Contains("0 taken in, 2 unchanged, 1 left out", shell.Output, StringComparison.Ordinal);
        Assert.Contains("image.bin is no UTF-8 text", shell.Error, StringComparison.Ordinal);
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
}
