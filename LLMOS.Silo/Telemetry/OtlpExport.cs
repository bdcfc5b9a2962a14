using System.Globalization;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LLMOS.Silo.Telemetry;

/// <summary>Has traces, metrics and logs exported by OTLP. A silo that is not told to never comes here, and loads none of it.</summary>
internal static class OtlpExport
{
    private const string ServiceName = "llmos";

    public static void Add(IHostApplicationBuilder builder, OtlpSettings settings)
    {
        // The exporters read their variables there.
        builder.Configuration.AddInMemoryCollection(settings.Variables);
        var telemetry = builder.Services.AddOpenTelemetry();
        if (!settings.HasServiceName)
        {
            telemetry.ConfigureResource(resource => resource.AddService(
                ServiceName, serviceInstanceId: string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}")));
        }

        if (settings.Metrics)
        {
            telemetry.WithMetrics(metrics => metrics.AddLlmos().AddOtlpExporter());
        }

        if (settings.Traces)
        {
            telemetry.WithTracing(traces =>
            {
                traces.AddSource(TraceSources.Patterns).AddOtlpExporter();
                if (!settings.HasSampler)
                {
                    traces.SetSampler(new ParentBasedSampler(new TraceRoots()));
                }
            });
        }

        if (settings.Logs)
        {
            telemetry.WithLogging(logs => logs.AddOtlpExporter(), options =>
            {
                options.IncludeScopes = true;
                options.IncludeFormattedMessage = true;
            });
        }
    }
}
