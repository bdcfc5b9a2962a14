namespace LLMOS.Silo.Placement;

/// <summary>Reports the devices of this silo.</summary>
public interface IDeviceReporter
{
    SiloDevices Report();

    /// <summary>Completes when a model was loaded or unloaded since the last time, or after the time given.</summary>
    Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancellationToken);
}
