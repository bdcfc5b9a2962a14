using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;

namespace LLMOS.Silo;

/// <summary><c>/health</c>: 200 while this silo takes work, 503 before and after. It asks no grain.</summary>
internal static class HealthEndpoint
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/health", async context =>
    {
        var silos = context.RequestServices.GetRequiredService<ISiloStatusOracle>();
        var map = context.RequestServices.GetRequiredService<IDeviceMap>();
        var draining = context.RequestServices.GetRequiredService<SiloProcesses>().IsDraining;
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;
        var ready = silos.CurrentStatus == SiloStatus.Active && !draining && !stopping;
        context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsJsonAsync(
            new
            {
                status = ready ? "ready" : stopping ? "stopping" : draining ? "draining" : "starting",
                silo = silos.SiloAddress.ToString(),
                silos = silos.GetApproximateSiloStatuses(onlyActive: true).Count,
                devices = map.Devices.Count,
            },
            context.RequestAborted);
    });
}
