using System.Globalization;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.VectorFs;
using LLMOS.Tests.Running.Security;

namespace LLMOS.Tests.Running.Files;

/// <summary>Finding files by what is known of them beside their content.</summary>
public sealed class FindTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly RunningSystem _system = fixture.System;

    private IVectorFsGrain Files => _system.Grains.GetGrain<IVectorFsGrain>(0);

    [Fact]
    public async Task All_that_is_said_has_to_apply()
    {
        await Files.MakeDirectoryAsync("/apps/found/deep/er");
        await Files.WriteAsync("/apps/found/Readme.md", "twelve bytes");
        await Files.WriteAsync("/apps/found/deep/notes.md", new string('x', 2_048));
        var middle = (await Files.WriteAsync("/apps/found/deep/er/empty.txt", "")).ModifiedAt;
        await Speaking.As(Speaking.User, () => Files.WriteAsync("/apps/found/hers.md", "of ursula"));
        await Files.LinkSymbolicallyAsync("deep", "/apps/found/link");

        Assert.Equal(
            ["/apps/found", "/apps/found/Readme.md", "/apps/found/deep", "/apps/found/deep/er", "/apps/found/deep/er/empty.txt", "/apps/found/deep/notes.md", "/apps/found/hers.md", "/apps/found/link"],
            await FindAsync(new FileFilter()));
        Assert.Equal(["/apps/found/deep/notes.md", "/apps/found/hers.md"], await FindAsync(new FileFilter { Name = "[!R]*.md" }));
        Assert.Equal(["/apps/found/Readme.md"], await FindAsync(new FileFilter { NameOfAnyCase = "read*", Name = "R*" }));
        Assert.Equal(["/apps/found", "/apps/found/deep", "/apps/found/deep/er"], await FindAsync(new FileFilter { Kind = NodeKind.Directory }));
        Assert.Equal(["/apps/found/link"], await FindAsync(new FileFilter { Kind = NodeKind.SymbolicLink }));
        Assert.Equal(["/apps/found/deep/notes.md"], await FindAsync(new FileFilter { MinLength = 13 }));
        Assert.Equal(["/apps/found/deep/er/empty.txt"], await FindAsync(new FileFilter { MaxLength = 0 }));
        Assert.Equal(["/apps/found/hers.md", "/apps/found/link"], await FindAsync(new FileFilter { NewerThan = middle }));
        Assert.Equal(["/apps/found/Readme.md", "/apps/found/deep/notes.md"], await FindAsync(new FileFilter { OlderThan = middle, Kind = NodeKind.File }));
        Assert.Equal(["/apps/found/hers.md"], await FindAsync(new FileFilter { Owner = "ursula" }));
        Assert.Equal(["/apps/found"], await FindAsync(new FileFilter { Depth = 0 }));
        Assert.Equal(["/apps/found/Readme.md", "/apps/found/hers.md"], await FindAsync(new FileFilter { Depth = 1, Kind = NodeKind.File }));

        // The path itself is followed, links below it are not.
        Assert.Equal(["/apps/found/deep", "/apps/found/deep/er", "/apps/found/deep/er/empty.txt", "/apps/found/deep/notes.md"], await FindAsync(new FileFilter(), "/apps/found/link"));
        Assert.Equal(["/apps/found/Readme.md"], await FindAsync(new FileFilter { Name = "R*" }, "/apps/found/Readme.md"));

        // Whose a process is, and so what it makes.
        var process = await Speaking.As(Speaking.User, () => _system.Table.SpawnAsync(new ProcessSpec { Name = "clerk", Program = ProcessPrograms.Mailbox }));
        Assert.Equal(["/apps/found/hers.md"], await FindAsync(new FileFilter { Owner = process.Pid.ToString(CultureInfo.InvariantCulture) }));
    }

    [Fact]
    public async Task The_nearest_to_a_meaning_come_first_and_only_those_to_which_the_rest_applies()
    {
        await Files.MakeDirectoryAsync("/apps/meant/kitchen");
        await Files.WriteAsync("/apps/meant/bread.md", "Knead the dough and bake the bread in a hot oven.");
        await Files.WriteAsync("/apps/meant/kitchen/bread.txt", "Bake bread of this dough in the oven.");
        await Files.WriteAsync("/apps/meant/moon.md", "A telescope shows the moons of Jupiter.");
        await Files.LinkAsync("/apps/meant/kitchen/bread.txt", "/apps/meant/kitchen/other.md");
        var found = await FindAsync(new FileFilter { Meaning = "moons and telescopes", Name = "*.md" }, "/apps/meant");
        Assert.Equal("/apps/meant/moon.md", found[0]);
        found = await FindAsync(new FileFilter { Meaning = "bake bread of dough", Name = "*.md" }, "/apps/meant");
        Assert.Equal(["/apps/meant/bread.md", "/apps/meant/kitchen/other.md"], found.Take(2).Order(StringComparer.Ordinal));
        Assert.Equal(["/apps/meant/bread.md"], (await FindAsync(new FileFilter { Meaning = "bake bread", Depth = 1, Kind = NodeKind.File }, "/apps/meant")).Take(1));
        Assert.Single((await Files.FindAsync("/apps/meant", new FileFilter { Meaning = "bread" }, limit: 1)).Nodes);
    }

    [Fact]
    public async Task What_shows_the_system_is_gone_through_as_the_caller_may_see_it()
    {
        var process = await _system.Table.SpawnAsync(new ProcessSpec { Name = "shown", Program = ProcessPrograms.Mailbox });
        var path = $"/agents/{process.Pid}";
        Assert.Contains(path, await FindAsync(new FileFilter { Kind = NodeKind.File }, "/"));
        Assert.Contains("/tools/kill", await FindAsync(new FileFilter { Name = "k?ll" }, "/tools"));
        Assert.Equal([path], await FindAsync(new FileFilter { Name = $"{process.Pid}" }, "/agents"));

        // One after the other, as small parts have it: behind a file of a view comes its neighbour.
        var tools = new List<string>();
        var after = "";
        do
        {
            var page = await Files.FindAsync("/tools", new FileFilter { Kind = NodeKind.File }, after, limit: 7);
            tools.AddRange(page.Nodes.Select(node => node.Path));
            after = page.Next ?? "";
        }
        while (after.Length > 0);
        Assert.Equal((await Files.ListAsync("/tools")).Select(node => node.Path), tools);

        Assert.Contains("/logs/audit", await FindAsync(new FileFilter(), "/logs"));
        Assert.DoesNotContain("/logs/audit", await Speaking.As(Speaking.User, () => FindAsync(new FileFilter(), "/logs")));
        await Speaking.DeniedAsync(() => Speaking.As(Speaking.Guest, () => FindAsync(new FileFilter(), "/")));
    }

    [Fact]
    public async Task A_tree_of_many_files_comes_in_parts_of_which_none_looks_at_all()
    {
        const int Count = 10_500;
        await Files.MakeDirectoryAsync("/apps/many");
        foreach (var some in Enumerable.Range(0, Count).Chunk(1_000))
        {
            await Task.WhenAll(some.Select(i => Files.WriteAsync($"/apps/many/{i:00000}", "")));
        }

        // Nothing is found in what the first part looked at, and it says where to go on.
        var first = await Files.FindAsync("/apps/many", new FileFilter { Name = "10400" });
        Assert.Empty(first.Nodes);
        Assert.Equal("/apps/many/09998", first.Next);
        var second = await Files.FindAsync("/apps/many", new FileFilter { Name = "10400" }, first.Next!);
        Assert.Equal("/apps/many/10400", Assert.Single(second.Nodes).Path);
        Assert.Null(second.Next);
        Assert.Equal(["/apps/many/10400"], await FindAsync(new FileFilter { Name = "10400" }, "/apps/many"));
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"/apps/many/{i:00000}"), await FindAsync(new FileFilter { Kind = NodeKind.File }, "/apps/many"));
    }

    [Fact]
    public async Task What_cannot_be_looked_for_is_refused_with_a_sentence()
    {
        await RefusedAsync(new FileFilter { Name = "[a" }, "'[a' is no pattern of names: its '[' has no ']'");
        await RefusedAsync(new FileFilter { NameOfAnyCase = "a/b" }, "no name has a '/'");
        await RefusedAsync(new FileFilter { MinLength = -1 }, "A file has no -1 bytes");
        await RefusedAsync(new FileFilter { MinLength = 5, MaxLength = 4 }, "No file has at least 5 bytes and at most 4");
        await RefusedAsync(new FileFilter { NewerThan = DateTimeOffset.UnixEpoch, OlderThan = DateTimeOffset.UnixEpoch }, "Nothing is newer than 1970");
        await RefusedAsync(new FileFilter { Depth = -1 }, "A depth of -1");
        await RefusedAsync(new FileFilter { Kind = (NodeKind)7 }, "'7' is no kind");
        await RefusedAsync(new FileFilter { Owner = "" }, "The owner is empty");
        await RefusedAsync(new FileFilter { Owner = "999999" }, "There is no process 999999", LlmosErrorCode.NotFound);
        await RefusedAsync(new FileFilter { Meaning = " " }, "What to look for is empty");
        await RefusedAsync(new FileFilter(), "There is nothing at '/apps/nowhere'", LlmosErrorCode.NotFound, path: "/apps/nowhere");
        await RefusedAsync(new FileFilter(), "'/tools' is no place in /apps to go on from", after: "/tools");
        await RefusedAsync(new FileFilter(), "'apps' is no place in /apps to go on from", after: "apps");
        await RefusedAsync(new FileFilter(), "A limit of 0", limit: 0);
        await RefusedAsync(new FileFilter { Meaning = "x" }, "A limit of 1001", limit: 1_001);
    }

    private async Task RefusedAsync(FileFilter filter, string why, LlmosErrorCode code = LlmosErrorCode.InvalidArgument, string path = "/apps", string after = "", int limit = 1_000)
    {
        var refused = await Assert.ThrowsAsync<LlmosException>(() => Files.FindAsync(path, filter, after, limit));
        Assert.Equal(code, refused.Code);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    private async Task<List<string>> FindAsync(FileFilter filter, string path = "/apps/found")
    {
        var found = new List<string>();
        await foreach (var node in Files.FindAllAsync(path, filter, cancellationToken: TestContext.Current.CancellationToken))
        {
            found.Add(node.Path);
        }

        return found;
    }
}
