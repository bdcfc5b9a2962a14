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
        Open(owner);
        if (!state.RecordExists)
        {
            await SaveAsync();
        }

        return state.State.Owner == owner;
    }

    public Task<bool> OpenAsync(string owner)
    {
        Open(owner);
        return Task.FromResult(state.State.Owner == owner);
    }

    private void Open(string owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        RegionPath.Validate(Path);
        if (state.State.Owner is null)
        {
            state.State.Owner = owner;

            // Of a region that is first stored with what is put into it, a crash between its pages and its record leaves pages that nothing gives back: kept too long, never too short.
            state.State.Generation = Guid.NewGuid();
            state.State.Principal = CallerContext.Behalf?.Principal ?? Caller.KernelPrincipal;
        }
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

    public Task<long> AppendAsync(ContextEntry entry, long? expected = null)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return AppendAsync([entry], expected);
    }

    public Task<long> AppendAllAsync(ImmutableArray<ContextEntry> entries, string? owner = null)
    {
        if (owner is not null && state.State.Owner is null)
        {
            Open(owner);
        }

        return AppendAsync(entries, expected: null);
    }

    private async Task<long> AppendAsync(ImmutableArray<ContextEntry> entries, long? expected)
    {
        var region = state.State;
        if (region.Owner is null)
        {
            throw LlmosException.NotFound($"There is no context region {Path}: make it before writing to it.");
        }

        var fresh = entries.Where(entry => !region.Recent.Contains(entry.Id)).DistinctBy(entry => entry.Id).ToArray();
        if (fresh.Length == 0)
        {
            return region.Version;
        }

        if (expected is { } version && version != region.Version)
        {
            throw LlmosException.Refused($"The region {Path} is at version {region.Version}, not {version}: somebody else wrote to it; read it again.");
        }

        EnsureRoom(fresh.Sum(entry => (long)entry.Tokens));
        try
        {
            for (var written = 0; written < fresh.Length;)
            {
                written += await WritePageAsync(fresh.AsMemory(written));
            }
        }
        catch
        {
            // Pages that were written are in the list, and their entries are not counted.
            DeactivateOnIdle();
            throw;
        }

        region.Entries += fresh.Length;
        region.Version++;
        region.Recent.AddRange(fresh.Select(entry => entry.Id));
        if (region.Recent.Count > RecentIds)
        {
            region.Recent.RemoveRange(0, region.Recent.Count - RecentIds);
        }

        await SaveAsync();
        return region.Version;
    }

    /// <summary>Writes as many of the entries as go into the last page, or into the one after it.</summary>
    /// <returns>How many, at least one: an entry that is longer than a page has one to itself.</returns>
    private async Task<int> WritePageAsync(ReadOnlyMemory<ContextEntry> entries)
    {
        var region = state.State;
        var last = region.Pages.Count - 1;

        // A page that is shared is another region's to write into.
        var isOpen = last >= 0 && region.Pages[last].Entries == 0 && region.Pages[last].Tokens + entries.Span[0].Tokens <= region.PageTokens;
        var tokens = isOpen ? region.Pages[last].Tokens : 0;
        var count = 0;
        while (count < entries.Length && (count == 0 || tokens + entries.Span[count].Tokens <= region.PageTokens))
        {
            tokens += entries.Span[count++].Tokens;
        }

        var id = isOpen ? region.Pages[last].Id : PageId(last + 1);
        var page = await GrainFactory.GetGrain<IMemoryPageGrain>(id).WriteAsync(Path, [.. entries.Span[..count]]);
        if (isOpen)
        {
            region.Pages[last] = region.Pages[last] with { Tokens = page.Tokens, Bytes = page.Bytes };
        }
        else
        {
            region.Pages.Add(new RegionPage(id, page.Tokens) { Bytes = page.Bytes });
        }

        return count;
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
                Purpose = region.Purpose,
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
