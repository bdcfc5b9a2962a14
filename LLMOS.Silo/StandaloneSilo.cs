using System.Diagnostics;
using System.Runtime.InteropServices;
using LLMOS.SystemInterface.Boot;

namespace LLMOS.Silo;

/// <summary>The program of a silo that stands alone: starts it, boots the system, and stops it when it is told to.</summary>
internal static class StandaloneSilo
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Usage = 2;
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        try
        {
            if (SiloCommandLine.Parse(arguments) is not { } said)
            {
                await output.WriteAsync(SiloCommandLine.Help);
                return Success;
            }

            var options = new LlmosSiloOptions
            {
                SiloPort = LlmosSiloOptions.DefaultSiloPort,
                GatewayPort = LlmosSiloOptions.DefaultGatewayPort,
                HttpPort = LlmosSiloOptions.DefaultHttpPort,
                DrainGrace = LlmosSiloOptions.DefaultDrainGrace,
                LogToConsole = true,
            };
            SiloConfiguration.Apply(SiloConfiguration.Load(said), options);
            return await RunAsync(options, output);
        }
        catch (LlmosException exception)
        {
            await errors.WriteLineAsync(exception.Message);
            return exception.Code == LlmosErrorCode.InvalidArgument ? Usage : Failure;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            await errors.WriteLineAsync($"The silo failed: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}. The log in the data folder has more.");
            return Failure;
        }
    }

    private static async Task<int> RunAsync(LlmosSiloOptions options, TextWriter output)
    {
        var started = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        PosixSignal? received = null;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        await using var host = LlmosHost.CreateBuilder(options).Build();
        var running = false;
        try
        {
            await host.StartAsync(stop.Token);
            running = true;
            await output.WriteLineAsync($"silo {host.SiloPort}, gateway {host.GatewayPort}, data {Path.GetFullPath(options.Data)} ({started.Elapsed.TotalSeconds:0.00} s)");
            if (options.Join is null)
            {
                // A kernel without models boots before the silos that have them join.
                await BootAsync(host, options.Roles.HasFlag(SiloRoles.Inference), output, stop.Token);
                host.Announce(works: true);
            }

            if (host.HttpAddress is { } http)
            {
                await output.WriteLineAsync($"dashboard {http}");
            }

            await Task.Delay(Timeout.Infinite, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await output.WriteLineAsync("stopping");
        }

        if (running)
        {
            if (received == PosixSignal.SIGINT)
            {
                // Somebody sits there and waits.
                host.SkipDrain();
            }

            await host.StopAsync(CancellationToken.None);
        }

        return received == PosixSignal.SIGINT ? Interrupted : Success;

        void Stop(PosixSignalContext signal)
        {
            // The first stops gracefully; a second one does what the system does by default.
            signal.Cancel = received is null;
            received ??= signal.Signal;
            stop.Cancel();
        }
    }

    private static async Task BootAsync(LlmosHost host, bool loadModel, TextWriter output, CancellationToken cancellationToken)
    {
        var boot = host.Grains.GetGrain<IBootGrain>(0);
        await foreach (var stage in boot.BootAsync(new BootRequest { ResumeRuns = true, LoadModel = loadModel }, cancellationToken))
        {
            await output.WriteLineAsync($"{(int)stage.Stage} {stage.Stage}: {stage.Detail} ({stage.Elapsed.TotalSeconds:0.00} s)");
        }
    }
}
