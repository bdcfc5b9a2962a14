using System.Text.Json;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Syscalls;
using LLMOS.SystemInterface.VectorFs;
using LLMOS.Tests.Running.Security;

namespace LLMOS.Tests.Running.Files;

/// <summary>VectorFS on a running system with its real store.</summary>
public sealed class VectorFsTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private const string Recipe = "# Bread\n\nMix flour, water, salt and yeast. Knead the dough, let it rise and bake the bread in a hot oven.";
    private const string Planets = "# Planets\n\nJupiter is the largest planet of the solar system. A telescope shows its four moons.";
    private const string Server = "# Server\n\nThe web server answers HTTP requests on port 8080 and writes a log of each request.";

    private readonly RunningSystem _system = fixture.System;

    private IVectorFsGrain Files => _system.Grains.GetGrain<IVectorFsGrain>(0);

    [Fact]
    public async Task The_tree_is_there_from_boot()
    {
        var names = (await Files.ListAsync("/")).Select(node => node.Path).ToList();
        Assert.Superset(new HashSet<string> { "/agents", "/apps", "/context", "/knowledge", "/logs", "/models", "/tools" }, names.ToHashSet());
        Assert.Equal("kernel", (await Files.StatAsync("/knowledge"))!.Owner);
        Assert.Equal(["/knowledge/embeddings", "/knowledge/facts", "/knowledge/graphs"], (await Files.ListAsync("/knowledge")).Select(node => node.Path));
    }

    [Fact]
    public async Task A_file_is_found_by_meaning_by_words_and_by_its_name_wherever_it_is_moved()
    {
        await Files.MakeDirectoryAsync("/apps/found/kitchen");
        await Files.MakeDirectoryAsync("/apps/found/astronomy");
        await Files.WriteAsync("/apps/found/kitchen/breadRecipe.md", Recipe);
        await Files.WriteAsync("/apps/found/astronomy/jupiter.md", Planets);
        await Files.WriteAsync("/apps/found/server.md", Server);

        Assert.Equal("/apps/found/kitchen/breadRecipe.md", (await Files.SearchAsync("how do I bake bread from dough", "/"))[0].Path);
        Assert.Equal("/apps/found/astronomy/jupiter.md", (await Files.SearchAsync("moons of the largest planet", "/apps/found"))[0].Path);
        Assert.Equal("/apps/found/kitchen/breadRecipe.md", (await Files.SearchAsync("recipe", "/apps/found"))[0].Path);
        Assert.DoesNotContain(await Files.SearchAsync("planets", "/apps/found/kitchen"), match => match.Path.Contains("jupiter", StringComparison.Ordinal));
        Assert.Equal("/apps/found/astronomy", (await Files.ListSimilarAsync("/apps/found", "astronomy and stars"))[0].Path);
        Assert.Equal("/apps/found/kitchen", (await Files.FindDirectoryAsync("the directory about the kitchen")).Path);

        await Files.MoveAsync("/apps/found/kitchen", "/apps/found/bakery");
        await Files.MoveAsync("/apps/found/astronomy/jupiter.md", "/apps/found/bakery");
        Assert.Equal("/apps/found/bakery/breadRecipe.md", (await Files.SearchAsync("bake bread", "/apps/found/bakery"))[0].Path);
        Assert.Equal("/apps/found/bakery/jupiter.md", (await Files.SearchAsync("moons of jupiter", "/apps/found/bakery"))[0].Path);
        Assert.Empty(await Files.SearchAsync("moons of jupiter", "/apps/found/astronomy"));

        Assert.Equal(3, await Files.RemoveAsync("/apps/found/bakery", recursive: true));
        Assert.DoesNotContain(await Files.SearchAsync("bake bread", "/"), match => match.Path.StartsWith("/apps/found/bakery", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Forty_versions_go_back_with_their_search_results()
    {
        const string Path = "/apps/versions.md";
        string[] about = [Recipe, Planets, Server];
        for (var version = 1; version <= 40; version++)
        {
            var file = await Files.WriteAsync(Path, about[version % 3] + $"\n\nThis is version {version}.", version - 1);
            Assert.Equal(version, file.Version);
        }

        var history = await Files.GetHistoryAsync(Path);
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (long)i), history.Select(version => version.Version));
        await AssertNewestAsync(Path, Planets, version: 40);

        Assert.Equal(41, (await Files.RollbackAsync(Path, 2)).Version);
        await AssertNewestAsync(Path, Server, version: 2);
        Assert.Equal(42, (await Files.RollbackAsync(Path)).Version);
        await AssertNewestAsync(Path, Planets, version: 40);
        Assert.Equal("rolled back to version 40", (await Files.GetHistoryAsync(Path))[^1].Change);
        Assert.Equal(Server + "\n\nThis is version 2.", await Files.ReadAsync(Path, 41));

        // As it was before it was rolled back the first time.
        var then = await Files.SearchAsync("planets moons telescope", Path, asOf: history[^1].At);
        Assert.Contains("Jupiter", then[0].Text, StringComparison.Ordinal);
        Assert.Empty(await Files.SearchAsync("planets", Path, asOf: history[0].At - TimeSpan.FromDays(1)));
        var missing = await Assert.ThrowsAsync<LlmosException>(() => Files.RollbackAsync(Path, 99));
        Assert.Equal("/apps/versions.md has no version 99: it has 1 to 42, and history lists them.", missing.Message);
    }

    [Fact]
    public async Task Of_two_writers_one_is_told_of_the_other_and_appends_are_never_lost()
    {
        const string Path = "/apps/contended.txt";
        await Files.WriteAsync(Path, "first\n");
        var writes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                return (await Files.WriteAsync(Path, $"writer {i}\n", expected: 1)).Version;
            }
            catch (LlmosException newer)
            {
                Assert.Contains("is at version 2, not 1", newer.Message, StringComparison.Ordinal);
                return 0;
            }
        }));
        Assert.Equal(2, writes.Sum());

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Files.AppendAsync(Path, $"line {i:00}\n")));
        var lines = (await Files.ReadAsync(Path)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"line {i:00}"), lines[1..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_hundred_who_append_at_once_take_turns_each_with_its_lines_in_order_and_none_twice()
    {
        const string Path = "/apps/turns.txt";
        const string Link = "/apps/turns-too.txt";
        const int Writers = 200;

        // Nobody has made the file.
        var versions = await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var first = await Files.AppendAsync(Path, $"{writer} first\n");
            return new[] { first, await Files.AppendAsync(Path, $"{writer} second\n") }.Select(file => file.Version).ToArray();
        }));

        // Each change is one version, and each answer says which.
        Assert.Equal(Enumerable.Range(1, 2 * Writers).Select(version => (long)version), versions.SelectMany(both => both).Order());
        var lines = (await Files.ReadAsync(Path)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(versions.Index(), writer => Assert.Equal(($"{writer.Index} first", $"{writer.Index} second"), (lines[writer.Item[0] - 1], lines[writer.Item[1] - 1])));
        Assert.All(versions, both => Assert.True(both[0] < both[1]));

        // Under two names it is one file.
        await Files.LinkAsync(Path, Link);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Files.AppendAsync(i % 2 == 0 ? Path : Link, $"line {i:00}\n")));
        var all = await Files.ReadAsync(Link);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"line {i:00}"), all.Split('\n', StringSplitOptions.RemoveEmptyEntries)[(2 * Writers)..].Order(StringComparer.Ordinal));
        Assert.Equal((2 * Writers) + 40, (await Files.GetHistoryAsync(Path)).Count(version => version.Change == "appended"));
    }

    [Fact]
    public async Task Appends_are_not_refused_while_others_write_the_whole_file_without_an_end()
    {
        const string Path = "/apps/overtaken.txt";
        await Files.WriteAsync(Path, "start\n");
        using var ended = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!ended.IsCancellationRequested)
            {
                await Files.WriteAsync(Path, "start\n");
            }
        }).ToArray();
        for (var i = 0; i < 25; i++)
        {
            var appended = await Files.AppendAsync(Path, $"line {i}\n");
            Assert.EndsWith($"\nline {i}\n", await Files.ReadAsync(Path, appended.Version), StringComparison.Ordinal);
        }

        await ended.CancelAsync();
        await Task.WhenAll(writers);
        Assert.Equal(25, (await Files.GetHistoryAsync(Path)).Count(version => version.Change == "appended"));
    }

    [Fact]
    public async Task Grep_finds_lines_and_the_index_knows_what_the_store_knows()
    {
        await Files.MakeDirectoryAsync("/apps/grep/below");
        await Files.WriteAsync("/apps/grep/a.txt", "one\nTwo words\nthree");
        await Files.WriteAsync("/apps/grep/below/b.txt", "no\ntwo\n");
        var found = await Files.GrepAsync("two", "/apps/grep");
        Assert.Equal([("/apps/grep/a.txt", 2), ("/apps/grep/below/b.txt", 2)], found.Select(match => (match.Path, match.Line)).Order());
        Assert.Single(await Files.GrepAsync("two", "/apps/grep", limit: 1));
        var before = await CountAsync();
        await Files.WriteAsync("/apps/grep/c.txt", "a text of one piece");
        Assert.Equal(before + 2, await CountAsync());
        await Files.RemoveAsync("/apps/grep/c.txt");
        Assert.Equal(before, await CountAsync());
    }

    [Theory]
    [InlineData("/../etc/passwd", "leads out of the tree")]
    [InlineData("/apps/a\0b", "control character U+0000")]
    [InlineData("", "empty")]
    [InlineData("/apps/half\uD800", "not Unicode")]
    public async Task A_path_that_is_none_is_refused_with_a_sentence(string path, string why)
    {
        foreach (var call in new Func<Task>[] { () => Files.WriteAsync(path, "x"), () => Files.StatAsync(path), () => Files.RemoveAsync(path), () => Files.MoveAsync("/apps", path) })
        {
            var refused = await Assert.ThrowsAsync<LlmosException>(call);
            Assert.Equal(LlmosErrorCode.InvalidArgument, refused.Code);
            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_a_sentence_and_changes_nothing()
    {
        await Files.MakeDirectoryAsync("/apps/refused/below");
        await Files.WriteAsync("/apps/refused/file", "text");
        await RefusedAsync(() => Files.WriteAsync("/apps/refused/" + new string('n', 256), "x"), "a name of more than 255 bytes");
        await RefusedAsync(() => Files.WriteAsync("/apps/refused/" + string.Join('/', Enumerable.Repeat("name", 1_000)), "x"), "longer than 4096 bytes");
        await RefusedAsync(() => Files.WriteAsync("/apps/refused/binary", "a\0b"), "zero byte");
        await RefusedAsync(() => Files.WriteAsync("/apps/refused/half", "a\uDC00b"), "half of a character at 1");
        await RefusedAsync(() => Files.WriteAsync("/apps/refused/large", new string('x', IVectorFsGrain.MaxContent + 1)), "at most 8388608");
        await RefusedAsync(() => Files.WriteAsync("/apps/refused", "x"), "is a directory");
        await RefusedAsync(() => Files.WriteAsync("/apps/nowhere/file", "x"), "There is no directory /apps/nowhere");
        await RefusedAsync(() => Files.WriteAsync("/apps/refused/file/x", "x"), "is a file, not a directory");
        await RefusedAsync(() => Files.MakeDirectoryAsync("/apps/refused/file"), "is a file");
        await RefusedAsync(() => Files.MoveAsync("/apps/refused", "/apps/refused/below"), "lies in it");
        await RefusedAsync(() => Files.MoveAsync("/", "/apps"), "root");
        await RefusedAsync(() => Files.RemoveAsync("/apps/refused"), "2 files and directories lie in it");
        await RefusedAsync(() => Files.RemoveAsync("/"), "root");
        await RefusedAsync(() => Files.ReadAsync("/apps/refused"), "is a directory");
        await RefusedAsync(() => Files.ReadAsync("/apps/refused/none"), "nothing at");
        await RefusedAsync(() => Files.RollbackAsync("/apps/refused/file"), "one version only");
        await RefusedAsync(() => Files.SearchAsync(" ", "/"), "empty");
        await RefusedAsync(() => Files.FindDirectoryAsync("/no/such/directory"), "nothing at");
        Assert.Equal(["/apps/refused/below", "/apps/refused/file"], (await Files.ListAsync("/apps/refused")).Select(node => node.Path));
        Assert.Equal(1, (await Files.StatAsync("/apps/refused/file"))!.Version);
    }

    [Fact]
    public async Task Others_change_a_file_only_when_it_is_shared()
    {
        await AsAsync("alice", () => Files.WriteAsync("/apps/alices.txt", "hers"));
        Assert.Equal("alice", (await Files.StatAsync("/apps/alices.txt"))!.Owner);
        var denied = await Assert.ThrowsAsync<LlmosException>(() => AsAsync("bob", () => Files.WriteAsync("/apps/alices.txt", "his")));
        Assert.Equal(LlmosErrorCode.PermissionDenied, denied.Code);
        Assert.Equal("bob may not write /apps/alices.txt: it is of alice.", denied.Message);
        await AsAsync("alice", () => Files.ShareAsync("/apps/alices.txt", shared: true));
        Assert.Equal(2, (await AsAsync("bob", () => Files.WriteAsync("/apps/alices.txt", "both's", expected: 1))).Version);
        Assert.Equal("bob", (await Files.GetHistoryAsync("/apps/alices.txt"))[^1].Author);
        await Assert.ThrowsAsync<LlmosException>(() => AsAsync("bob", () => Files.RemoveAsync("/apps/alices.txt")));
        var guest = await Assert.ThrowsAsync<LlmosException>(() => AsAsync("eve", () => Files.WriteAsync("/apps/eves.txt", "x"), CallerRole.Guest));
        Assert.Equal(LlmosErrorCode.PermissionDenied, guest.Code);
    }

    [Fact]
    public async Task The_syscalls_reach_files_and_regions_by_their_paths()
    {
        Assert.Equal("/apps/called", ((FileResult)await CallAsync("mkdir", ("path", "/apps/called"))).File.Path);
        Assert.Equal(1, ((FileResult)await CallAsync("write", ("path", "/apps/called/a.md"), ("text", Planets))).File.Version);
        Assert.Equal(2, ((FileResult)await CallAsync("append", ("path", "/apps/called/a.md"), ("text", "\nMore."))).File.Version);
        Assert.EndsWith("More.", ((TextResult)await CallAsync("cat", ("path", "/apps/called/a.md"))).Text, StringComparison.Ordinal);
        Assert.Equal("/apps/called/a.md", Assert.Single(((FilesResult)await CallAsync("ls", ("path", "/apps/called"))).Files).Path);
        Assert.Equal("/apps/called/a.md", ((MatchesResult)await CallAsync("ls", ("path", "/apps/called"), ("similarTo", "planets"))).Matches[0].Path);
        Assert.Equal(3, ((MatchesResult)await CallAsync("grep", ("path", "/apps/called"), ("pattern", "jupiter"))).Matches[0].Line);
        Assert.Equal("/apps/called/a.md", ((MatchesResult)await CallAsync("search", ("query", "moons of jupiter"))).Matches[0].Path);
        Assert.Equal("/apps/called/b.md", ((FileResult)await CallAsync("move", ("path", "/apps/called/a.md"), ("to", "/apps/called/b.md"))).File.Path);
        Assert.Equal(2, ((VersionsResult)await CallAsync("history", ("path", "/apps/called/b.md"))).Versions.Length);
        Assert.Equal(3, ((FileResult)await CallAsync("rollback", ("path", "/apps/called/b.md"))).File.Version);
        Assert.Equal("/apps/called", ((FileResult)await CallAsync("cd", ("path", "/apps/called"))).File.Path);
        await CallAsync("remove", ("path", "/apps/called/b.md"));
        var region = ((RegionResult)await CallAsync("malloc", ("purpose", "notes of the test"))).Region;
        await CallAsync("append", ("path", region.Path), ("text", "into the region"));
        Assert.Equal("into the region", Assert.Single(((EntriesResult)await CallAsync("cat", ("path", region.Path))).Entries).Text);
        var wrong = await Assert.ThrowsAsync<LlmosException>(() => CallAsync("grep", ("path", "/apps")));
        Assert.Equal(("grep", "pattern"), (wrong.Syscall, wrong.Argument));
        var missing = await Assert.ThrowsAsync<LlmosException>(() => CallAsync("cat", ("path", "/apps/none")));
        Assert.Equal(("cat", "path", LlmosErrorCode.NotFound), (missing.Syscall, missing.Argument, missing.Code));
    }

    private async Task AssertNewestAsync(string path, string about, int version)
    {
        Assert.Equal($"{about}\n\nThis is version {version}.", await Files.ReadAsync(path));
        var found = Assert.Single(await Files.SearchAsync(about.Split('\n')[2], path));
        Assert.True(found.Similarity > 0.6f, $"{found}");
        Assert.StartsWith(about[..20], found.Text, StringComparison.Ordinal);
    }

    private async Task<int> CountAsync() =>
        (await Task.WhenAll(Enumerable.Range(0, IVectorIndexGrain.Shards).Select(shard => _system.Grains.GetGrain<IVectorIndexGrain>(shard).CountAsync()))).Sum();

    private Task<SyscallResult> CallAsync(string name, params (string Name, string Value)[] arguments) =>
        _system.CallAsync(name, JsonSerializer.Serialize(arguments.ToDictionary(argument => argument.Name, argument => argument.Value)));

    private static Task<T> AsAsync<T>(string principal, Func<Task<T>> call, CallerRole role = CallerRole.User) => Speaking.As(Caller.Of(principal, role), call);

    private static async Task RefusedAsync(Func<Task> call, string why) =>
        Assert.Contains(why, (await Assert.ThrowsAsync<LlmosException>(call)).Message, StringComparison.Ordinal);
}
