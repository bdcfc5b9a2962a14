using System.Collections.Immutable;
using System.Text;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Kernel.Memory;

/// <summary>A memory page.</summary>
public sealed class MemoryPageGrain(
    [PersistentState("memory-page")] IPersistentState<MemoryPageRecord> state,
    IVectorSpace vectors) : Grain, IMemoryPageGrain
{
    /// <summary>Bytes of an entry's text and of its writer's name, in UTF-8.</summary>
    internal static long BytesOf(ContextEntry entry) => Encoding.UTF8.GetByteCount(entry.Text) + Encoding.UTF8.GetByteCount(entry.Author);

    public async Task<PageInfo> WriteAsync(string region, ImmutableArray<ContextEntry> entries)
    {
        var page = state.State.Entries;
        var before = page.Count;
        page.AddRange(entries.Where(entry => !page.Exists(written => written.Id == entry.Id)).ToArray());
        if (page.Count > before)
        {
            await WriteAsync(region);
        }

        return Describe();
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
        return Task.FromResult(Describe());
    }

    private PageInfo Describe()
    {
        var page = state.State;
        return new PageInfo(this.GetPrimaryKey(), page.Region, page.Tokens, page.Entries.Count, page.References) { Bytes = page.Entries.Sum(BytesOf) };
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
