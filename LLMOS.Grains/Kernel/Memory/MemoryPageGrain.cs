using System.Collections.Immutable;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Kernel.Memory;

/// <summary>A memory page.</summary>
public sealed class MemoryPageGrain(
    [PersistentState("memory-page")] IPersistentState<MemoryPageRecord> state,
    IVectorSpace vectors) : Grain, IMemoryPageGrain
{
    public async Task<int> WriteAsync(string region, ContextEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (state.State.Entries.Exists(written => written.Id == entry.Id))
        {
            return state.State.Tokens;
        }

        state.State.Entries.Add(entry);
        await WriteAsync(region);
        return state.State.Tokens;
    }

    public Task FillAsync(string region, ImmutableArray<ContextEntry> entries)
    {
        state.State.Entries = [.. entries];
        return WriteAsync(region);
    }

    public Task<ImmutableArray<ContextEntry>> ReadAsync() => Task.FromResult(state.State.Entries.ToImmutableArray());

    public Task<float[]> GetVectorAsync() => Task.FromResult(state.State.Vector);

    public Task<PageSketch> GetSketchAsync() =>
        Task.FromResult(new PageSketch(state.State.Vector, [.. WordHashes.Of(string.Join('\n', state.State.Entries.Select(entry => entry.Text)))]));

    public async Task<int> RetainAsync()
    {
        EnsureExists();
        state.State.References++;
        await SaveAsync(() => state.WriteStateAsync());
        return state.State.References;
    }

    public async Task<int> ReleaseAsync()
    {
        EnsureExists();
        var left = --state.State.References;
        await SaveAsync(() => left == 0 ? state.ClearStateAsync() : state.WriteStateAsync());
        return left;
    }

    public Task<PageInfo> GetInfoAsync()
    {
        EnsureExists();
        var page = state.State;
        return Task.FromResult(new PageInfo(this.GetPrimaryKey(), page.Region, page.Tokens, page.Entries.Count, page.References));
    }

    private async Task WriteAsync(string region)
    {
        var page = state.State;
        if (page.References == 0)
        {
            page.Region = region;
            page.References = 1;
        }

        page.Tokens = page.Entries.Sum(entry => entry.Tokens);
        page.Vector = vectors.Embed(string.Join('\n', page.Entries.Select(written => written.Text)));
        await SaveAsync(() => state.WriteStateAsync());
    }

    private void EnsureExists()
    {
        if (state.State.References == 0)
        {
            throw LlmosException.NotFound($"There is no memory page {this.GetPrimaryKey()}: it was never written, or its last reader gave it back.");
        }
    }

    private async Task SaveAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
