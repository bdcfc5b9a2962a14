namespace LLMOS.Benchmarks.SystemSuite;

/// <inheritdoc cref="IEmptyGrain" />
public sealed class EmptyGrain : Grain, IEmptyGrain
{
    public Task ActivateAsync() => Task.CompletedTask;
}
