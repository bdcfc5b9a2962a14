using System.Collections.Immutable;

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

        if (state.State.References == 0)
        {
            state.State.Region = region;
            state.State.References = 1;
        }

        state.State.Entries.Add(entry);
        state.State.Tokens += entry.Tokens;
        state.State.Vector = vectors.Embed(string.Join('\n', state.State.Entries.Select(written => written.Text)));
        await SaveAsync(() => state.WriteStateAsync());
        return state.State.Tokens;
    }

    public Task<ImmutableArray<ContextEntry>> ReadAsync() => Task.FromResult(state.State.Entries.ToImmutableArray());

    public Task<float[]> GetVectorAsync() => Task.FromResult(state.State.Vector);

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
