using LLMOS.Kernel.Telemetry;
using OpenTelemetry.Metrics;

namespace LLMOS.Silo.Telemetry;

/// <summary>The meters that a silo exports, however it does.</summary>
internal static class MeterProviderExtensions
{
    private const string OrleansMeter = "Microsoft.Orleans";

    public static MeterProviderBuilder AddLlmos(this MeterProviderBuilder metrics) => metrics
        .AddMeter(LlmosTelemetry.Name, OrleansMeter, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel")
        // These are on the system's own meter, with their tags.
        .AddView(instrument => instrument.Meter.Name == OrleansMeter && instrument.Name.StartsWith(SiloInstruments.OrleansPrefix, StringComparison.Ordinal)
            ? MetricStreamConfiguration.Drop
            : null);
}
