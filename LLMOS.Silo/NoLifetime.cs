namespace LLMOS.Silo;

/// <summary>Leaves signals to the program: a shell ends its commands by them, a stand-alone silo stops.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
