using System.Collections.Immutable;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Tests.Running.Memory;

/// <summary>Contexts larger than any window.</summary>
public sealed class PagingTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private static readonly string[] Trades = ["baker", "mason", "sailor", "weaver", "tanner", "cooper", "smith", "miller"];
    private readonly IGrainFactory _grains = fixture.System.Grains;

    [Fact]
    public async Task What_fits_is_whole_and_what_does_not_has_the_newest_the_pages_asked_for_and_a_summary()
    {
        var region = await RegionAsync("/context/fits", 200);
        Assert.Equal(200, (await region.GetInfoAsync())!.Entries);
        var whole = await region.FitAsync(new ContextDemand(1_000_000, "anything"));
        Assert.True(whole.IsWhole);
        Assert.Equal((await region.ReadAsync()).Select(entry => entry.Id), whole.Entries.Select(entry => entry.Id));

        var view = await region.FitAsync(new ContextDemand(400, Asked(17)));
        Assert.False(view.IsWhole);
        Assert.InRange(view.Entries.Sum(entry => entry.Tokens), 200, 400);
        Assert.Contains(view.Entries, entry => entry.Text == Fact(17));
        Assert.Contains(view.Entries, entry => entry.Text == Fact(199));
        Assert.StartsWith("[What was said before, in short:", view.Entries[0].Text, StringComparison.Ordinal);
        var order = view.Entries.Skip(1).Select(entry => int.Parse(entry.Author, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(order.Order(), order);
        Assert.NotEmpty(view.Extracts);
        Assert.Empty((await region.FitAsync(new ContextDemand(400, Asked(17)))).Extracts);
    }

    [Fact]
    public async Task A_page_that_comes_back_is_the_very_text_and_faults_hits_and_evictions_are_counted()
    {
        var region = await RegionAsync("/context/back", 120);
        var written = (await region.ReadAsync()).ToDictionary(entry => entry.Id);
        var first = await region.FitAsync(new ContextDemand(400, Asked(5)));
        Assert.True(first.Activity is { Hits: 0, Faults: > 0, Evictions: 0 }, first.Activity.ToString());
        var again = await region.FitAsync(new ContextDemand(400, Asked(5)));
        Assert.Equal(first.Entries.Select(entry => entry.Id), again.Entries.Select(entry => entry.Id));
        Assert.Equal((first.Activity.Faults, 0L), (again.Activity.Hits, again.Activity.Faults));
        var activity = new PagingActivity();
        foreach (var asked in (int[])[.. Enumerable.Range(0, 14), .. Enumerable.Range(0, 14)])
        {
            var view = await region.FitAsync(new ContextDemand(400, Asked(asked * 7)));
            Assert.Contains(view.Entries, entry => entry.Text == Fact(asked * 7));
            Assert.All(view.Entries.Skip(1), entry => Assert.Equal(written[entry.Id], entry));
            activity += view.Activity;
        }

        Assert.True(activity is { Hits: > 0, Faults: > 0, Evictions: > 0, FoundInSilo: > 0 } && activity.FoundInSilo < activity.Faults, activity.ToString());
    }

    [Fact]
    public async Task A_pinned_page_stays_until_it_is_let_go()
    {
        var region = await RegionAsync("/context/pins", 120);
        await region.PinAsync(2, isPinned: true);
        var pinned = (await region.ReadAsync()).Skip(2 * 4).First().Text;
        for (var asked = 60; asked < 90; asked += 10)
        {
            Assert.Contains((await region.FitAsync(new ContextDemand(300, Asked(asked)) { Policy = PagingPolicy.PinnedFirst })).Entries, entry => entry.Text == pinned);
        }

        await region.PinAsync(2, isPinned: false);
        await region.FitAsync(new ContextDemand(200, "") { Policy = PagingPolicy.PinnedFirst });
        Assert.DoesNotContain((await region.FitAsync(new ContextDemand(300, "") { Policy = PagingPolicy.PinnedFirst })).Entries, entry => entry.Text == pinned);
        Assert.Equal(LlmosErrorCode.NotFound, (await Assert.ThrowsAsync<LlmosException>(() => region.PinAsync(1_000, true))).Code);
    }

    [Fact]
    public async Task Pages_of_another_size_have_the_same_entries_and_a_region_that_shared_the_old_ones_keeps_them()
    {
        var region = await RegionAsync("/context/sizes", 100);
        var other = _grains.GetGrain<IContextRegionGrain>("/context/sizes-child");
        await other.InheritAsync("/context/sizes", "test");
        Assert.Equal((40, "small"), ((await other.GetInfoAsync())!.PageTokens, (await other.GetInfoAsync())!.Model));
        var before = await region.ReadAsync();
        var info = (await region.GetInfoAsync())!;
        Assert.False(await region.RepageAsync("large", 128, [.. before.Select(_ => 20)], info.Version - 1));
        Assert.False(await region.RepageAsync("large", 128, [20], info.Version));
        Assert.True(await region.RepageAsync("large", 128, [.. before.Select(_ => 20)], info.Version));
        var after = (await region.GetInfoAsync())!;
        Assert.Equal((info.Version, 100, 100L * 20, 17, 128, "large"), (after.Version, after.Entries, after.Tokens, after.Pages, after.PageTokens, after.Model));
        Assert.Equal(before.Select(entry => (entry.Id, entry.Text)), (await region.ReadAsync()).Select(entry => (entry.Id, entry.Text)));
        Assert.Equal(before, await other.ReadAsync());
        await region.AppendAsync(Entry(100));
        Assert.Equal(Fact(100), (await region.TailAsync(12)).Single().Text);
        await Assert.ThrowsAsync<LlmosException>(() => region.RepageAsync("large", 0, [], after.Version));
    }

    [Fact]
    public async Task A_region_that_was_freed_and_made_again_has_nothing_of_the_first_though_another_shares_its_pages()
    {
        var region = await RegionAsync("/context/again", 30);
        var child = _grains.GetGrain<IContextRegionGrain>("/context/again-child");
        await child.InheritAsync("/context/again", "test");
        var first = await child.ReadAsync();
        await region.FitAsync(new ContextDemand(200, "anything"));
        await region.FreeAsync();
        await region.TryCreateAsync("test");
        await region.AppendAsync(Entry(77));
        Assert.Equal([Fact(77)], (await region.ReadAsync()).Select(entry => entry.Text));
        Assert.Equal([Fact(77)], (await region.FitAsync(new ContextDemand(500, ""))).Entries.Select(entry => entry.Text));
        Assert.Equal(first, await child.ReadAsync());
    }

    [Fact]
    public async Task A_summary_of_a_model_takes_the_place_of_the_extract_and_one_that_is_too_long_is_cut()
    {
        var region = await RegionAsync("/context/summary", 80);
        var view = await region.FitAsync(new ContextDemand(600, "anything"));
        var work = await Task.WhenAll(view.Extracts.Select(region.GetSummaryWorkAsync));
        Assert.All(work, work => Assert.InRange(work!.Pages, 4, 16));
        Assert.Contains(work, work => work!.Pages == 4 && Enumerable.Range(work.FirstPage * 4, 16).All(i => work.Text.Contains(Fact(i), StringComparison.Ordinal)));
        var summary = view.Extracts[0];
        await region.SetSummaryAsync(summary, "Everybody was counted.", "a model");
        Assert.Contains("Everybody was counted.", (await region.FitAsync(new ContextDemand(600, "anything"))).Entries[0].Text, StringComparison.Ordinal);
        Assert.Null(await region.GetSummaryWorkAsync(summary));
        await region.SetSummaryAsync(summary, string.Join(' ', Enumerable.Range(0, 300).Select(i => $"Sentence {i} is here.")), "a model");
        var cut = await region.FitAsync(new ContextDemand(600, "anything"));
        Assert.Contains("is here.", cut.Entries[0].Text, StringComparison.Ordinal);
        Assert.InRange(cut.Entries.Sum(entry => entry.Tokens), 300, 600);
        Assert.Null(await region.GetSummaryWorkAsync(Guid.NewGuid()));
    }

    private async Task<IContextRegionGrain> RegionAsync(string path, int entries)
    {
        var region = _grains.GetGrain<IContextRegionGrain>(path);
        await region.TryCreateAsync("test");
        Assert.True(await region.RepageAsync("small", 40, ImmutableArray<int>.Empty, 0));
        for (var i = 0; i < entries; i++)
        {
            await region.AppendAsync(Entry(i));
        }

        return region;
    }

    private static ContextEntry Entry(int i) => new(Guid.NewGuid(), 1, $"{i}", Fact(i), 10, DateTimeOffset.UnixEpoch);

    private static string Fact(int i) => $"The {Trades[i % Trades.Length]} of house {Name(i)} owns {i * 31 % 97} goats.";

    private static string Asked(int i) => $"How many goats has the {Trades[i % Trades.Length]} of house {Name(i)}?";

    // A word that no other number has.
    private static string Name(int i) => $"{"bdfghklmnp"[i % 10]}{"aeiou"[i / 10 % 5]}{"rstvwxz"[i / 50 % 7]}ov{"aeiou"[i / 10 % 5]}{"bdfghklmnp"[i % 10]}k";
}
