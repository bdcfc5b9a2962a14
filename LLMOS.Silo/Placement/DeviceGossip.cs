namespace LLMOS.Silo.Placement;

/// <summary>
/// Sends this silo's devices to every silo twice a second, at once when a model was loaded or unloaded or a silo
/// joined, and keeps the reports of the others in the local <see cref="DeviceMap"/>.
/// </summary>
internal sealed partial class DeviceGossip(
    GrainId id,
    Orleans.Runtime.Silo silo,
    ILoggerFactory loggerFactory,
    DeviceMap map,
    IDeviceReporter reporter,
    DeviceGossipClient others,
    ISiloStatusOracle silos) : GrainService(id, silo, loggerFactory), IDeviceGossip, ISiloStatusListener
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ILogger _logger = loggerFactory.CreateLogger<DeviceGossip>();
    private Task _running = Task.CompletedTask;

    public override async Task Start()
    {
        await base.Start();
        map.Update(reporter.Report());
        silos.SubscribeToSiloStatusEvents(this);
        _running = RunAsync(StoppedCancellationTokenSource.Token);
    }

    public override async Task Stop()
    {
        silos.UnSubscribeFromSiloStatusEvents(this);
        await base.Stop();
        await _running;
    }

    public Task ReportAsync(SiloDevices devices)
    {
        map.Update(devices);
        return Task.CompletedTask;
    }

    public Task TellAsync(SiloDevices devices) => ReportAsync(devices);

    public Task<SiloDevices> GetAsync() => Task.FromResult(reporter.Report());

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status.IsTerminating())
        {
            map.Remove(updatedSilo);
        }
        else if (status == SiloStatus.Active && !updatedSilo.Equals(Silo))
        {
            Send(updatedSilo, reporter.Report());
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var report = reporter.Report();
            map.Update(report);
            foreach (var (other, status) in silos.GetApproximateSiloStatuses(onlyActive: true))
            {
                if (status == SiloStatus.Active && !other.Equals(Silo))
                {
                    Send(other, report);
                }
            }

            try
            {
                await reporter.WaitForChangeAsync(Interval, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Send(SiloAddress other, SiloDevices report)
    {
        try
        {
            others.Of(other).ReportAsync(report).Ignore();
        }
        catch (Exception exception) when (exception is OrleansException or ObjectDisposedException)
        {
            LogNotSent(_logger, other, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The device report to {Silo} was not sent: {Reason}")]
    private static partial void LogNotSent(ILogger logger, SiloAddress silo, string reason);
}
