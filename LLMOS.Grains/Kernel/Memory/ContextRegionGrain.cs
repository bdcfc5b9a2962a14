using System.Collections.Immutable;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Memory;

/// <summary>
/// A context region: an ordered list of pages. An entry is written into its page first and counted here second; both
/// know the entry by its id, so that an append which a crash cut in two is completed by being done again.
/// </summary>
public sealed partial class ContextRegionGrain(
    [PersistentState("context-region")] IPersistentState<ContextRegionRecord> state,
    IVectorSpace space,
    PageCache cache,
    WindowMemory windows) : Grain, IContextRegionGrain, IGuardedGrain
{
    // One turn of each writer can be replayed, so this bounds the writers at work in one region at a time.
    private const int RecentIds = 256;

    private string Path => this.GetPrimaryKeyString();

    public async Task<bool> TryCreateAsync(string owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        RegionPath.Validate(Path);
        if (state.State.Owner is null)
        {
            state.State.Owner = owner;
            state.State.Generation = Guid.NewGuid();
            state.State.Principal = CallerContext.Behalf?.Principal ?? Caller.KernelPrincipal;
            await SaveAsync();
        }

        return state.State.Owner == owner;
    }

    public async Task<int> InheritAsync(string source, string owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        RegionPath.Validate(Path);
        var region = state.State;
        if (region.Owner is not null)
        {
            return region.Pages.Sum(page => page.Entries);
        }

        // A crash before the write below leaves references that nothing gives back: pages are kept too long, never too short.
        var parent = GrainFactory.GetGrain<IContextRegionGrain>(source);
        var pages = await parent.SharePagesAsync();
        if (await parent.GetInfoAsync() is { } counted)
        {
            (region.Model, region.PageTokens) = (counted.Model, counted.PageTokens);
        }

        region.Owner = owner;
        region.Generation = Guid.NewGuid();
        region.Pages.AddRange(pages);
        region.Entries = pages.Sum(page => page.Entries);
        await SaveAsync();
        return region.Entries;
    }

    public async Task<ImmutableArray<RegionPage>> SharePagesAsync() =>
        [.. await Task.WhenAll(state.State.Pages.Select(async page =>
        {
            var grain = GrainFactory.GetGrain<IMemoryPageGrain>(page.Id);
            await grain.RetainAsync();
            if (page.Entries > 0)
            {
                return page;
            }

            var info = await grain.GetInfoAsync();
            return page with { Entries = info.Entries, Bytes = info.Bytes };
        }))];

    public async Task<long> AppendAsync(ContextEntry entry, long? expected = null)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var region = state.State;
        if (region.Owner is null)
        {
            throw LlmosException.NotFound($"There is no context region {Path}: make it before writing to it.");
        }

        if (region.Recent.Contains(entry.Id))
        {
            return region.Version;
        }

        if (expected is { } version && version != region.Version)
        {
            throw LlmosException.Refused($"The region {Path} is at version {region.Version}, not {version}: somebody else wrote to it; read it again.");
        }

        EnsureRoom(entry.Tokens);
        var last = region.Pages.Count - 1;

        // A page that is shared is another region's to write into.
        var fits = last >= 0 && region.Pages[last].Entries == 0 && region.Pages[last].Tokens + entry.Tokens <= region.PageTokens;
        var index = fits ? last : last + 1;
        var id = fits ? region.Pages[last].Id : PageId(index);
        var page = await GrainFactory.GetGrain<IMemoryPageGrain>(id).WriteAsync(Path, entry);
        if (fits)
        {
            region.Pages[last] = region.Pages[last] with { Tokens = page.Tokens, Bytes = page.Bytes };
        }
        else
        {
            region.Pages.Add(new RegionPage(id, page.Tokens) { Bytes = page.Bytes });
        }

        region.Entries++;
        region.Version++;
        region.Recent.Add(entry.Id);
        if (region.Recent.Count > RecentIds)
        {
            region.Recent.RemoveAt(0);
        }

        await SaveAsync();
        return region.Version;
    }

    public async Task<ImmutableArray<ContextEntry>> TailAsync(int maxTokens)
    {
        var entries = new List<ContextEntry>();
        var left = maxTokens;
        for (var page = state.State.Pages.Count - 1; page >= 0; page--)
        {
            var written = await ReadPageAsync(state.State.Pages[page]);
            for (var i = written.Length - 1; i >= 0; i--)
            {
                left -= written[i].Tokens;
                if (left < 0)
                {
                    entries.Reverse();
                    return [.. entries];
                }

                entries.Add(written[i]);
            }
        }

        entries.Reverse();
        return [.. entries];
    }

    public async Task<ImmutableArray<ContextEntry>> ReadAsync()
    {
        var pages = await Task.WhenAll(state.State.Pages.Select(ReadPageAsync));
        return [.. pages.SelectMany(entries => entries)];
    }

    public Task<RegionInfo?> GetInfoAsync()
    {
        var region = state.State;
        return Task.FromResult(region.Owner is null
            ? null
            : new RegionInfo(Path, region.Owner, region.Version, region.Pages.Count, region.Entries, region.Pages.Sum(page => (long)page.Tokens))
            {
                PageTokens = region.PageTokens,
                Model = region.Model,
                Bytes = region.Pages.TrueForAll(page => page.Bytes is not null) ? region.Pages.Sum(page => page.Bytes) : null,
            });
    }

    private Guid PageId(int index) =>
        MessageIds.OfName(state.State.Generation == Guid.Empty ? $"{Path}#{index}" : $"{Path}#{state.State.Generation:N}#{index}");

    private async Task<ImmutableArray<ContextEntry>> ReadPageAsync(RegionPage page) =>
        Part(page, await GrainFactory.GetGrain<IMemoryPageGrain>(page.Id).ReadAsync());

    private async Task SaveAsync()
    {
        try
        {
            await SealAsync();
            await state.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }

        await TellWatchersAsync();
    }
}
