using System.Diagnostics;

namespace LLMOS.Silo.Telemetry;

/// <summary>
/// Has traces be without anybody who takes them, for the sake of their ids: a log that programs read names the trace of each record, and a trace goes through grains and messages only where somebody listens.
/// </summary>
internal sealed class TraceIds : IHostedService, IDisposable
{
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = static source => TraceSources.Include(source.Name),
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
    };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ActivitySource.AddActivityListener(_listener);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();
}
