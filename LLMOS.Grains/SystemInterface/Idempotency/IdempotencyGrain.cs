namespace LLMOS.SystemInterface.Idempotency;

/// <summary>Keeps a bucket of keys. What is older than a day goes when the bucket is next used, so that nothing has to go round and clean.</summary>
public sealed class IdempotencyGrain([PersistentState("idempotency")] IPersistentState<IdempotencyRecord> state, TimeProvider time) : Grain, IIdempotencyGrain
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const int MostKeys = 10_000;

    private readonly HashSet<string> _running = [];

    public async Task<IdempotencyClaim> BeginAsync(string key, string request)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(request);
        var now = time.GetUtcNow();
        var entries = state.State.Entries;
        foreach (var old in entries.Where(entry => now - entry.Value.At > Lifetime && !_running.Contains(entry.Key)).Select(entry => entry.Key).ToArray())
        {
            entries.Remove(old);
        }

        if (entries.TryGetValue(key, out var known))
        {
            return known.Request != request ? new IdempotencyClaim(IdempotencyState.Mismatch, null)
                : known.Answer is { } answer ? new IdempotencyClaim(IdempotencyState.Answered, answer)
                : new IdempotencyClaim(_running.Contains(key) ? IdempotencyState.Running : IdempotencyState.Interrupted, null);
        }

        if (entries.Count >= MostKeys)
        {
            throw new LlmosException(LlmosErrorCode.ResourceExhausted, $"{MostKeys} requests with keys like this one came within a day, and no more can be remembered: send it without a key, or later.");
        }

        entries.Add(key, new IdempotencyEntry(request, now, null));
        await SaveAsync();
        _running.Add(key);
        return new IdempotencyClaim(IdempotencyState.New, null);
    }

    public Task CompleteAsync(string key, StoredAnswer answer)
    {
        _running.Remove(key);
        if (!state.State.Entries.TryGetValue(key, out var entry))
        {
            return Task.CompletedTask;
        }

        state.State.Entries[key] = entry with { Answer = answer };
        return SaveAsync();
    }

    public Task DoubtAsync(string key)
    {
        _running.Remove(key);
        return Task.CompletedTask;
    }

    public Task AbandonAsync(string key)
    {
        _running.Remove(key);
        return state.State.Entries.Remove(key) ? SaveAsync() : Task.CompletedTask;
    }

    private async Task SaveAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // What is in memory may be more than what is stored: the next call reads that.
            DeactivateOnIdle();
            throw;
        }
    }
}
