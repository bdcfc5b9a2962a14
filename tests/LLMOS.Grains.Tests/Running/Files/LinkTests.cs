using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.VectorFs;
using LLMOS.Tests.Running.Security;

namespace LLMOS.Tests.Running.Files;

/// <summary>Files of several names, and names that stand for paths.</summary>
public sealed class LinkTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private const string Recipe = "# Bread\n\nMix flour, water, salt and yeast. Knead the dough, let it rise and bake the bread in a hot oven.";
    private const string Planets = "# Planets\n\nJupiter is the largest planet of the solar system. A telescope shows its four moons.";

    private readonly RunningSystem _system = fixture.System;

    private IVectorFsGrain Files => _system.Grains.GetGrain<IVectorFsGrain>(0);

    [Fact]
    public async Task All_names_are_one_file_with_one_history_which_goes_with_the_last_of_them()
    {
        await Files.MakeDirectoryAsync("/apps/names/a");
        await Files.MakeDirectoryAsync("/apps/names/b");
        var file = await Files.WriteAsync("/apps/names/a/first.md", Recipe);
        Assert.Equal(1, file.Links);
        var linked = await Files.LinkAsync("/apps/names/a/first.md", "/apps/names/b");
        Assert.Equal(("/apps/names/b/first.md", 2, file.Inode, 1L), (linked.Path, linked.Links, linked.Inode, linked.Version));
        await Files.LinkAsync("/apps/names/b/first.md", "/apps/names/a/third.md");
        Assert.Equal(["/apps/names/a/first.md", "/apps/names/a/third.md", "/apps/names/b/first.md"], await Files.GetPathsAsync("/apps/names/a/third.md"));

        // Whichever name it is changed by.
        Assert.Equal(2, (await Files.WriteAsync("/apps/names/b/first.md", Planets, expected: 1)).Version);
        Assert.Equal(3, (await Files.AppendAsync("/apps/names/a/third.md", "\nMore.")).Version);
        Assert.Equal(Planets + "\nMore.", await Files.ReadAsync("/apps/names/a/first.md"));
        Assert.Equal([1L, 2, 3], (await Files.GetHistoryAsync("/apps/names/b/first.md")).Select(version => version.Version));
        Assert.Equal(4, (await Files.RollbackAsync("/apps/names/a/first.md", 1)).Version);
        Assert.All(await Task.WhenAll((await Files.ListAsync("/apps/names/a")).Select(node => Files.ReadAsync(node.Path))), text => Assert.Equal(Recipe, text));
        Assert.All(await Files.ListAsync("/apps/names/a"), node => Assert.Equal((3, 4L, file.Inode), (node.Links, node.Version, node.Inode)));

        // The first name is nothing more than the others.
        Assert.Equal(1, await Files.RemoveAsync("/apps/names/a/first.md"));
        Assert.Null(await Files.StatAsync("/apps/names/a/first.md"));
        Assert.Equal((2, file.Inode), ((await Files.StatAsync("/apps/names/b/first.md"))!.Links, (await Files.StatAsync("/apps/names/b/first.md"))!.Inode));
        await Files.MoveAsync("/apps/names/b/first.md", "/apps/names/b/moved.md");
        Assert.Equal(["/apps/names/a/third.md", "/apps/names/b/moved.md"], await Files.GetPathsAsync("/apps/names/b/moved.md"));
        Assert.Equal(2, await Files.RemoveAsync("/apps/names/a", recursive: true));
        Assert.Equal((1, 4), ((await Files.StatAsync("/apps/names/b/moved.md"))!.Links, (await Files.GetHistoryAsync("/apps/names/b/moved.md")).Length));
        Assert.Equal(Recipe, await Files.ReadAsync("/apps/names/b/moved.md"));
        await Files.RemoveAsync("/apps/names/b/moved.md");
        Assert.Null(await Files.StatAsync("/apps/names/b/moved.md"));

        // A new file at an old name is another one.
        Assert.NotEqual(file.Inode, (await Files.WriteAsync("/apps/names/b/moved.md", "new")).Inode);
        Assert.Single(await Files.GetHistoryAsync("/apps/names/b/moved.md"));
    }

    [Fact]
    public async Task A_search_finds_a_file_once_with_its_names_wherever_one_of_them_is()
    {
        await Files.MakeDirectoryAsync("/apps/search/kitchen");
        await Files.MakeDirectoryAsync("/apps/search/shelf");
        await Files.WriteAsync("/apps/search/kitchen/bread.md", Recipe);
        var before = await CountAsync();
        await Files.LinkAsync("/apps/search/kitchen/bread.md", "/apps/search/shelf/grandmothersSecret.md");

        var all = await Files.SearchAsync("how do I bake bread from dough", "/apps/search");
        var found = Assert.Single(all, match => match.Path.EndsWith("bread.md", StringComparison.Ordinal) || match.Path.EndsWith("Secret.md", StringComparison.Ordinal));
        Assert.Equal(["/apps/search/kitchen/bread.md", "/apps/search/shelf/grandmothersSecret.md"], found.OtherPaths.Append(found.Path).Order(StringComparer.Ordinal));
        Assert.Equal("/apps/search/shelf/grandmothersSecret.md", (await Files.SearchAsync("bake bread", "/apps/search/shelf"))[0].Path);
        Assert.Equal("/apps/search/kitchen/bread.md", (await Files.ListSimilarAsync("/apps/search/kitchen", "secret of grandmothers"))[0].Path);
        Assert.Equal("/apps/search/shelf/grandmothersSecret.md", (await Files.SearchAsync("grandmothers secret", "/apps/search"))[0].Path);
        Assert.Single(await Files.GrepAsync("yeast", "/apps/search"));

        await Files.WriteAsync("/apps/search/shelf/grandmothersSecret.md", Planets);
        Assert.StartsWith("# Planets", (await Files.SearchAsync("moons of jupiter", "/apps/search/kitchen"))[0].Text, StringComparison.Ordinal);
        Assert.Equal("/apps/search/shelf/grandmothersSecret.md", (await Files.SearchAsync("grandmothers secret", "/apps/search/shelf"))[0].Path);
        await Files.RemoveAsync("/apps/search/kitchen/bread.md");
        Assert.Empty(await Files.SearchAsync("moons of jupiter", "/apps/search/kitchen"));
        var left = (await Files.SearchAsync("moons of jupiter", "/apps/search"))[0];
        Assert.Equal(("/apps/search/shelf/grandmothersSecret.md", true), (left.Path, left.OtherPaths.IsEmpty));
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Symbolic_links_are_followed_to_wherever_they_lead_and_are_names_of_their_own_where_names_are_changed()
    {
        await Files.MakeDirectoryAsync("/apps/symbolic/real");
        await Files.WriteAsync("/apps/symbolic/real/a.md", Planets);
        Assert.Equal((NodeKind.SymbolicLink, "real", 4L), await MadeAsync("real", "/apps/symbolic/link"));
        await Files.LinkSymbolicallyAsync("/apps/symbolic/link/a.md", "/apps/symbolic/a");
        Assert.Equal(Planets, await Files.ReadAsync("/apps/symbolic/a"));
        Assert.Equal("/apps/symbolic/real/a.md", (await Files.StatAsync("/apps/symbolic/a"))!.Path);
        Assert.Equal("/apps/symbolic/link/a.md", (await Files.StatAsync("/apps/symbolic/a", followLink: false))!.Target);
        Assert.Equal(2, (await Files.AppendAsync("/apps/symbolic/a", "\nMore.")).Version);
        Assert.Equal(2, (await Files.GetHistoryAsync("/apps/symbolic/link/a.md")).Length);
        Assert.Equal(["/apps/symbolic/real/a.md"], (await Files.ListAsync("/apps/symbolic/link")).Select(node => node.Path));
        Assert.Equal(["/apps/symbolic/a", "/apps/symbolic/link", "/apps/symbolic/real"], (await Files.ListAsync("/apps/symbolic")).Select(node => node.Path));
        await Files.WriteAsync("/apps/symbolic/link/b.md", "through the link");
        Assert.Equal("through the link", await Files.ReadAsync("/apps/symbolic/real/b.md"));
        Assert.Equal("/apps/symbolic/real/a.md", Assert.Single(await Files.GrepAsync("jupiter", "/apps/symbolic/link")).Path);
        Assert.Equal("/apps/symbolic/real", (await Files.FindDirectoryAsync("/apps/symbolic/link")).Path);

        // One that leads nowhere is there to be written through; one to a view shows it.
        await Files.LinkSymbolicallyAsync("../symbolic/later.md", "/apps/symbolic/dangling");
        Assert.Null(await Files.StatAsync("/apps/symbolic/dangling"));
        Assert.Equal("/apps/symbolic/later.md", (await Files.WriteAsync("/apps/symbolic/dangling", "now")).Path);
        await Files.LinkSymbolicallyAsync("/tools", "/apps/symbolic/tools");
        Assert.Contains("pid", await Files.ReadAsync("/apps/symbolic/tools/suspend"), StringComparison.Ordinal);
        await RefusedAsync(() => Files.WriteAsync("/apps/symbolic/tools/suspend", "x"), "shows the system as it is now");

        // What is moved and removed is the link.
        await Files.MoveAsync("/apps/symbolic/link", "/apps/symbolic/moved");
        Assert.Equal(Planets + "\nMore.", await Files.ReadAsync("/apps/symbolic/moved/a.md"));
        await Files.MoveAsync("/apps/symbolic/later.md", "/apps/symbolic/moved");
        Assert.Equal("now", await Files.ReadAsync("/apps/symbolic/real/later.md"));
        Assert.Equal(1, await Files.RemoveAsync("/apps/symbolic/moved"));
        Assert.Equal(3, (await Files.ListAsync("/apps/symbolic/real")).Length);
        Assert.Equal(3, (await Files.SearchAsync("jupiter moons planets through the link now", "/apps/symbolic")).Select(match => match.Path).Count(path => path.StartsWith("/apps/symbolic/real/", StringComparison.Ordinal)));

        async Task<(NodeKind, string, long)> MadeAsync(string target, string path)
        {
            var made = await Files.LinkSymbolicallyAsync(target, path);
            return (made.Kind, made.Target, made.Length);
        }
    }

    [Fact]
    public async Task Links_in_a_circle_out_of_the_tree_and_where_they_cannot_be_are_refused_with_a_sentence()
    {
        await Files.MakeDirectoryAsync("/apps/wrong/deep");
        await Files.WriteAsync("/apps/wrong/file", "text");
        await RefusedAsync(() => Files.LinkSymbolicallyAsync("self", "/apps/wrong/self"), "/apps/wrong/self would lead to itself");
        await RefusedAsync(() => Files.LinkSymbolicallyAsync("/apps/wrong/inner/x", "/apps/wrong/inner"), "would lead to itself");
        await Files.LinkSymbolicallyAsync("two", "/apps/wrong/one");
        await RefusedAsync(() => Files.LinkSymbolicallyAsync("/apps/wrong/one", "/apps/wrong/two"), "/apps/wrong/two would lead to itself");

        // A circle that comes of moving is found when it is used.
        await Files.LinkSymbolicallyAsync("one", "/apps/wrong/deep/two");
        await Files.MoveAsync("/apps/wrong/deep/two", "/apps/wrong/two");
        await RefusedAsync(() => Files.ReadAsync("/apps/wrong/one"), "leads through more than 40 symbolic links");
        await RefusedAsync(() => Files.WriteAsync("/apps/wrong/one/x", "text"), "remove it, or let it lead to something else");
        await Files.RemoveAsync("/apps/wrong/two");
        await RefusedAsync(() => Files.ReadAsync("/apps/wrong/one"), "nothing at '/apps/wrong/two'");

        await RefusedAsync(() => Files.LinkSymbolicallyAsync("../../../etc", "/apps/wrong/up"), "leads out of the tree");
        await RefusedAsync(() => Files.LinkSymbolicallyAsync("a\0b", "/apps/wrong/zero"), "control character");
        await RefusedAsync(() => Files.LinkSymbolicallyAsync("", "/apps/wrong/empty"), "empty");
        await RefusedAsync(() => Files.LinkSymbolicallyAsync("x", "/apps/wrong/file"), "There is something at /apps/wrong/file already");
        await RefusedAsync(() => Files.LinkSymbolicallyAsync("x", "/apps/nowhere/link"), "There is no directory /apps/nowhere");
        await RefusedAsync(() => Files.LinkSymbolicallyAsync("x", "/tools/link"), "shows the system as it is now");
        await RefusedAsync(() => Files.LinkAsync("/apps/wrong/deep", "/apps/wrong/again"), "/apps/wrong/deep is a directory, and only files have several names");
        await RefusedAsync(() => Files.LinkAsync("/apps/wrong/one", "/apps/wrong/again"), "is a symbolic link, and has one name");
        await RefusedAsync(() => Files.LinkAsync("/apps/wrong/none", "/apps/wrong/again"), "nothing at '/apps/wrong/none'");
        await RefusedAsync(() => Files.LinkAsync("/apps/wrong/file", "/apps/wrong/file"), "There is something at /apps/wrong/file already");
        await RefusedAsync(() => Files.LinkAsync("/apps/wrong/file", "/tools/file"), "shows the system as it is now");
        await RefusedAsync(() => Files.LinkAsync("/tools/suspend", "/apps/wrong/suspend"), "shows the system as it is now");
        await RefusedAsync(() => Files.MakeDirectoryAsync("/apps/wrong/file"), "is a file");
        Assert.Equal(["/apps/wrong/deep", "/apps/wrong/file", "/apps/wrong/one"], (await Files.ListAsync("/apps/wrong")).Select(node => node.Path));
        Assert.Equal(1, (await Files.StatAsync("/apps/wrong/file"))!.Links);
    }

    [Fact]
    public async Task Only_its_owner_gives_a_file_another_name_and_a_name_gives_nobody_more_than_the_file_does()
    {
        await AsAsync("alice", () => Files.WriteAsync("/apps/linked-alices.txt", "hers"));
        var denied = await Speaking.DeniedAsync(() => AsAsync("bob", () => Files.LinkAsync("/apps/linked-alices.txt", "/apps/linked-bobs.txt")));
        Assert.Equal("bob may not link /apps/linked-alices.txt: it is of alice.", denied.Message);
        await AsAsync("alice", () => Files.LinkAsync("/apps/linked-alices.txt", "/apps/linked-too.txt"));
        await AsAsync("bob", () => Files.LinkSymbolicallyAsync("linked-too.txt", "/apps/linked-bobs.txt"));
        Assert.Equal("hers", await AsAsync("bob", () => Files.ReadAsync("/apps/linked-bobs.txt")));
        await Speaking.DeniedAsync(() => AsAsync("bob", () => Files.WriteAsync("/apps/linked-bobs.txt", "his")));
        await Speaking.DeniedAsync(() => AsAsync("bob", () => Files.RemoveAsync("/apps/linked-too.txt")));
        await AsAsync("alice", () => Files.ShareAsync("/apps/linked-too.txt", shared: true));
        Assert.Equal(2, (await AsAsync("bob", () => Files.WriteAsync("/apps/linked-bobs.txt", "both's"))).Version);
        Assert.True((await Files.StatAsync("/apps/linked-alices.txt"))!.IsShared);
        await Speaking.DeniedAsync(() => AsAsync("alice", () => Files.RemoveAsync("/apps/linked-bobs.txt")));
        Assert.Equal(1, await AsAsync("bob", () => Files.RemoveAsync("/apps/linked-bobs.txt")));
        await Speaking.DeniedAsync(() => Speaking.As(Caller.Of("eve", CallerRole.Guest), () => Files.LinkSymbolicallyAsync("/", "/apps/eves")));
    }

    private async Task<int> CountAsync() =>
        (await Task.WhenAll(Enumerable.Range(0, IVectorIndexGrain.Shards).Select(shard => _system.Grains.GetGrain<IVectorIndexGrain>(shard).CountAsync()))).Sum();

    private static Task<T> AsAsync<T>(string principal, Func<Task<T>> call) => Speaking.As(Caller.Of(principal, CallerRole.User), call);

    private static async Task RefusedAsync(Func<Task> call, string why) =>
        Assert.Contains(why, (await Assert.ThrowsAsync<LlmosException>(call)).Message, StringComparison.Ordinal);
}
