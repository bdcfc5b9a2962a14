using LLMOS.Kernel.Processes;
using LLMOS.Silo.Placement;
using Orleans.Metadata;

namespace LLMOS.Silo;

/// <summary>
/// Empties this silo before its host stops: it says that it drains, so that it is given nothing new; the turns of its processes are finished
/// within a time or handed over, the processes go to other silos, and what its engines compute for others is finished within the same time.
/// </summary>
internal sealed partial class SiloDrain(
    TimeSpan grace,
    SiloProcesses processes,
    IDeviceReporter reporter,
    DeviceMap map,
    DeviceGossipClient others,
    ISiloStatusOracle silos,
    IClusterManifestProvider manifests,
    GrainTypeResolver types,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<SiloDrain> logger) : IHostedLifecycleService
{
    /// <summary>What leaving may take after the time that turns have: turns are stopped, and processes started elsewhere.</summary>
    public static readonly TimeSpan AfterGrace = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly GrainType _process = types.GetGrainType(typeof(ProcessGrain));
    private bool _isSkipped;

    /// <summary>Stops without draining: what is under way is taken up again by others, or at the next start.</summary>
    public void Skip() => _isSkipped = true;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The host asks this first of all, while everything still runs.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_isSkipped || grace <= TimeSpan.Zero || silos.CurrentStatus != SiloStatus.Active || cancellationToken.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await DrainAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            LogCutShort(logger, exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        processes.BeginDrain();
        await TellAsync();
        var count = processes.Pids.Count;
        LogDraining(logger, count, grace);
        while (processes.Pids is { Count: > 0 } pids && time.GetElapsedTime(began) < grace + AfterGrace)
        {
            var targets = Targets();
            await Task.WhenAll(pids.Select((pid, i) => LetGoAsync(pid, Left(), targets.Length > 0 ? targets[i % targets.Length] : null))).WaitAsync(cancellationToken);
            if (targets.Length == 0)
            {
                break;
            }

            // They go when the last call of theirs has returned, and some may have come meanwhile.
            await Task.Delay(BetweenLooks, time, cancellationToken);
        }

        while (reporter.Report().Devices.Any(device => device.Load.Active + device.Load.Waiting > 0) && Left() > TimeSpan.Zero)
        {
            await Task.Delay(BetweenLooks, time, cancellationToken);
        }

        var (left, elapsed) = (processes.Pids.Count, time.GetElapsedTime(began));
        LogDrained(logger, count, left, elapsed);

        TimeSpan Left() => grace - time.GetElapsedTime(began) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
    }

    /// <summary>Every silo knows before anything leaves, so that nothing is placed here again.</summary>
    private Task TellAsync()
    {
        var report = reporter.Report();
        map.Update(report);
        return Task.WhenAll(Others().Select(async silo =>
        {
            try
            {
                await others.Of(silo).TellAsync(report);
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException or ObjectDisposedException)
            {
                // It hears of it by the next report.
                LogNotTold(logger, silo, exception.Message);
            }
        }));
    }

    private async Task LetGoAsync(long pid, TimeSpan left, SiloAddress? target)
    {
        try
        {
            await grains.GetGrain<IProcessGrain>(pid).LeaveAsync(left, target);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or LlmosException)
        {
            LogNotLetGo(logger, pid, exception.Message);
        }
    }

    /// <summary>Silos that processes can go to.</summary>
    private SiloAddress[] Targets() => [.. Others().Where(silo =>
        !map.IsDraining(silo) && manifests.Current.Silos.TryGetValue(silo, out var manifest) && manifest.Grains.ContainsKey(_process))];

    private IEnumerable<SiloAddress> Others() =>
        silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(silo => !silo.Equals(silos.SiloAddress));

    [LoggerMessage(Level = LogLevel.Information, Message = "The silo drains: {Processes} processes leave it, and turns have {Grace} to be finished.")]
    private static partial void LogDraining(ILogger logger, int processes, TimeSpan grace);

    [LoggerMessage(Level = LogLevel.Information, Message = "The silo is drained: of {Processes} processes {Left} are left, after {Elapsed}.")]
    private static partial void LogDrained(ILogger logger, int processes, int left, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The drain was cut short: what is left is taken up again by others, or at the next start.")]
    private static partial void LogCutShort(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo {Silo} was not told that this one drains: {Reason}")]
    private static partial void LogNotTold(ILogger logger, SiloAddress silo, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Pid} was not let go: {Reason}")]
    private static partial void LogNotLetGo(ILogger logger, long pid, string reason);
}
