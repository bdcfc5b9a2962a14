using System.Collections.Immutable;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Memory;

// Which pages are in the windows of those that read the region.
public sealed partial class ContextRegionGrain
{
    // One reader more, and the first of them begins anew: its pages are in the silo's memory still.
    private const int MostReaders = 64;

    // An eighth of the room is for summaries of what is left out.
    private const int SummaryShare = 8;

    private readonly Dictionary<long, ReaderWindow> _readers = [];
    private PageIndex? _index;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        EndWatches();
        ForgetWindows();
        return Task.CompletedTask;
    }

    public async Task<ContextView> FitAsync(ContextDemand demand)
    {
        ArgumentNullException.ThrowIfNull(demand);
        var pages = state.State.Pages;
        if (pages.Count == 0 || demand.Tokens <= 0)
        {
            return new ContextView([], pages.Count == 0, default);
        }

        var reader = ReaderOf(CallerContext.Behalf?.Pid ?? 0);
        if (!demand.IsRepeated)
        {
            reader.BeginTurn();
        }

        var isWhole = pages.Sum(page => (long)page.Tokens) <= demand.Tokens;
        var summaryRoom = isWhole ? 0 : demand.Tokens / SummaryShare;
        var chosen = isWhole ? [.. pages.Select(_ => true)] : await ChooseAsync(reader, demand, demand.Tokens - summaryRoom);
        var newest = pages.Count;
        while (newest > 0 && chosen[newest - 1])
        {
            newest--;
        }

        var (texts, found) = await ReadTextsAsync(reader, [.. Enumerable.Range(0, pages.Count).Where(page => chosen[page])]);
        var (summary, extracts) = isWhole ? (null, []) : await SummaryOfAsync(newest, summaryRoom);
        var activity = reader.Replace(texts) with { FoundInSilo = found };
        windows.Count(activity);

        // The newest page stays though it is larger than the window: its newest entries do.
        var left = demand.Tokens - (summary?.Tokens ?? 0);
        var entries = new List<ContextEntry>();
        foreach (var entry in texts.SelectMany(page => page.Entries).Reverse().TakeWhile(entry => (left -= entry.Tokens) >= 0))
        {
            entries.Add(entry);
        }

        if (summary is not null)
        {
            entries.Add(summary);
        }

        entries.Reverse();
        return new ContextView([.. entries], isWhole, activity) { Extracts = extracts };
    }

    public async Task<bool> RepageAsync(string model, int pageTokens, ImmutableArray<int> tokens, long version)
    {
        ArgumentNullException.ThrowIfNull(model);
        EnsureExists();
        if (pageTokens <= 0)
        {
            throw LlmosException.InvalidArgument($"A page of {pageTokens} tokens holds nothing: give it at least 1.");
        }

        var region = state.State;
        if (region.Version != version || tokens.Length != region.Entries)
        {
            return false;
        }

        if (region.Pages.Count > 0)
        {
            await RewriteAsync(pageTokens, tokens);
        }

        (region.Model, region.PageTokens) = (model, pageTokens);
        if (region.Pages.Count > 0)
        {
            await SaveAsync();
        }

        return true;
    }

    public Task<ImmutableArray<RegionPage>> ListPagesAsync() => Task.FromResult(state.State.Pages.ToImmutableArray());

    public async Task PinAsync(int page, bool isPinned)
    {
        EnsureExists();
        var pages = state.State.Pages;
        if (page < 0 || page >= pages.Count)
        {
            throw LlmosException.NotFound($"The region {Path} has no page {page}: it has {pages.Count}, from 0 on.");
        }

        pages[page] = pages[page] with { IsPinned = isPinned };
        if (page / SegmentSize is var part && part < state.State.Segments)
        {
            await Segment(part).WriteAsync([.. pages.Skip(part * SegmentSize).Take(SegmentSize)]);
        }

        await SaveAsync();
    }

    private async Task<bool[]> ChooseAsync(ReaderWindow reader, ContextDemand demand, int room)
    {
        var pages = state.State.Pages;
        var similarities = (await IndexAsync()).Similarities(demand.Query);
        var standing = pages.Select((page, place) =>
        {
            var (lastUse, uses) = reader.UseOf(page.Id);
            return new PageStanding(page.Tokens, place < similarities.Length ? similarities[place] : 0, lastUse, uses, page.IsPinned, reader.Has(page.Id));
        }).ToList();
        var chosen = ContextPager.Plan(standing, room, demand.Policy, reader.Now, out var near);
        for (var page = 0; page < pages.Count && !demand.IsRepeated; page++)
        {
            if (near[page])
            {
                reader.Use(pages[page].Id, isAsked: true);
            }
            else if (page == pages.Count - 1)
            {
                reader.Use(pages[page].Id, isAsked: false);
            }
        }

        return chosen;
    }

    /// <summary>All pages but the newest, which is still written to and in the window in any case.</summary>
    private async Task<PageIndex> IndexAsync()
    {
        const int AtOnce = 64;
        var pages = state.State.Pages;
        _index ??= new PageIndex(space);
        while (_index.Count < pages.Count - 1)
        {
            var sketches = await Task.WhenAll(pages
                .Skip(_index.Count)
                .Take(Math.Min(AtOnce, pages.Count - 1 - _index.Count))
                .Select(page => GrainFactory.GetGrain<IMemoryPageGrain>(page.Id).GetSketchAsync()));
            foreach (var sketch in sketches)
            {
                _index.Add(sketch);
            }
        }

        return _index;
    }

    /// <summary>The texts of some pages, and how many of those that were not in the window were in the silo's memory.</summary>
    private async Task<(IReadOnlyList<(Guid Id, ImmutableArray<ContextEntry> Entries)> Texts, int Found)> ReadTextsAsync(ReaderWindow reader, IReadOnlyList<int> places)
    {
        var found = 0;
        var texts = await Task.WhenAll(places.Select(async place =>
        {
            // The newest page is written to: what is known of it may be out of date.
            var page = state.State.Pages[place];
            var isOpen = place == state.State.Pages.Count - 1;
            if (!isOpen && reader.Find(page.Id) is { } there)
            {
                return (page.Id, there);
            }

            if (!isOpen && cache.TryGet(page.Id, out var cached))
            {
                found++;
                return (page.Id, Part(page, cached));
            }

            var written = await GrainFactory.GetGrain<IMemoryPageGrain>(page.Id).ReadAsync();
            if (!isOpen && page.Entries == 0)
            {
                cache.Put(page.Id, written);
            }

            return (page.Id, Part(page, written));
        }));
        return (texts, found);
    }

    private ReaderWindow ReaderOf(long pid)
    {
        if (!_readers.TryGetValue(pid, out var reader))
        {
            if (_readers.Count == MostReaders)
            {
                var (gone, window) = _readers.First();
                window.Clear();
                _readers.Remove(gone);
            }

            _readers.Add(pid, reader = new ReaderWindow(windows));
        }

        return reader;
    }

    private void ForgetWindows()
    {
        foreach (var reader in _readers.Values)
        {
            reader.Clear();
        }

        _readers.Clear();
        _index = null;
        _summaries.Clear();
        _told.Clear();
    }

    /// <summary>Writes the entries into pages of another size. A crash before the record is written leaves the new pages behind, and one after it the old ones: text is kept too long, never lost.</summary>
    private async Task RewriteAsync(int pageTokens, ImmutableArray<int> tokens)
    {
        var region = state.State;
        var read = await Task.WhenAll(region.Pages.Select(ReadPageAsync));
        var entries = read.SelectMany((page, place) => page.Select(entry => (Entry: entry, region.Pages[place].IsPinned))).ToList();
        var old = region.Pages.ToList();
        var oldSummaries = SummaryIds().ToList();
        var (generation, segments) = (region.Generation, region.Segments);
        (region.Generation, region.Segments) = (Guid.NewGuid(), 0);
        region.Pages.Clear();
        for (var first = 0; first < entries.Count;)
        {
            var count = 0;
            var held = 0;
            do
            {
                held += tokens[first + count++];
            }
            while (first + count < entries.Count && held + tokens[first + count] <= pageTokens);
            var page = new RegionPage(PageId(region.Pages.Count), held)
            {
                IsPinned = entries.Skip(first).Take(count).Any(entry => entry.IsPinned),
                Bytes = entries.Skip(first).Take(count).Sum(entry => MemoryPageGrain.BytesOf(entry.Entry)),
            };
            await GrainFactory.GetGrain<IMemoryPageGrain>(page.Id).FillAsync(Path, [.. Enumerable.Range(first, count).Select(place => entries[place].Entry with { Tokens = tokens[place] })]);
            region.Pages.Add(page);
            first += count;
        }

        await SaveAsync();
        ForgetWindows();
        await ReleaseAsync([.. old.Select(page => page.Id), .. oldSummaries]);
        await ClearSegmentsAsync(generation, segments);
    }

    private async Task ReleaseAsync(IEnumerable<Guid> pages)
    {
        foreach (var page in pages)
        {
            try
            {
                await GrainFactory.GetGrain<IMemoryPageGrain>(page).ReleaseAsync();
            }
            catch (LlmosException gone) when (gone.Code == LlmosErrorCode.NotFound)
            {
                // An attempt before this one was cut short after it gave the page back, or a summary was never needed.
            }
        }
    }

    private static ImmutableArray<ContextEntry> Part(RegionPage page, ImmutableArray<ContextEntry> written) =>
        page.Entries > 0 && page.Entries < written.Length ? written[..page.Entries] : written;
}
