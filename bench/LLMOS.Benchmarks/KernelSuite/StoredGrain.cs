namespace LLMOS.Benchmarks.KernelSuite;

/// <inheritdoc cref="IStoredGrain" />
public sealed class StoredGrain([PersistentState("bench-stored")] IPersistentState<StoredGrainRecord> state) : Grain, IStoredGrain
{
    public Task KeepAsync(long value)
    {
        state.State.Value = value;
        return state.WriteStateAsync();
    }
}
