namespace LLMOS.SystemInterface.Conversations;

/// <summary>Keeps a response in the store, for <see cref="IStoredResponseGrain.Longest"/>.</summary>
internal sealed class StoredResponseGrain([PersistentState("response")] IPersistentState<StoredResponseRecord> state, TimeProvider time) : Grain, IStoredResponseGrain
{
    public async Task StoreAsync(StoredResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        state.State = new StoredResponseRecord { Response = response };
        await SaveAsync(state.WriteStateAsync);
    }

    public async Task<StoredResponse?> FindAsync()
    {
        if (state.State.Response is { } response && time.GetUtcNow() - response.CreatedAt > IStoredResponseGrain.Longest)
        {
            await SaveAsync(state.ClearStateAsync);
        }

        return state.State.Response;
    }

    public async Task<bool> ClaimAsync()
    {
        if (state.State.Response is null || state.State.IsClaimed)
        {
            return false;
        }

        state.State.IsClaimed = true;
        await SaveAsync(state.WriteStateAsync);
        return true;
    }

    public async Task<DeletedResponse?> DeleteAsync()
    {
        if (await FindAsync() is not { } response)
        {
            return null;
        }

        var isLast = !state.State.IsClaimed;
        await SaveAsync(state.ClearStateAsync);
        return new DeletedResponse(response, isLast);
    }

    private async Task SaveAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch
        {
            // What is in memory is not what is stored.
            DeactivateOnIdle();
            throw;
        }
    }
}
