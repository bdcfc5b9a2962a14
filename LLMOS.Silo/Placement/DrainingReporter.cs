using LLMOS.Kernel.Processes;

namespace LLMOS.Silo.Placement;

/// <summary>Has the reports of a silo say when it drains.</summary>
internal sealed class DrainingReporter(IDeviceReporter devices, SiloProcesses processes) : IDeviceReporter
{
    public SiloDevices Report() => devices.Report() with { IsDraining = processes.IsDraining };

    public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancellationToken) => devices.WaitForChangeAsync(atMost, cancellationToken);
}
