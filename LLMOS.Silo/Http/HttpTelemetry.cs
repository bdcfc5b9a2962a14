using System.Diagnostics;
using System.Diagnostics.Metrics;
using LLMOS.Kernel.Telemetry;
using LLMOS.Silo.Http.Acp;
using LLMOS.Silo.Http.Mcp;

namespace LLMOS.Silo.Http;

/// <summary>Counts requests by their door, and says in the span that ASP.NET Core makes of each what it was.</summary>
internal static class HttpTelemetry
{
    private const string Health = "health";
    private const string Metrics = "metrics";

    private static readonly Histogram<double> Duration = LlmosTelemetry.Meter.CreateHistogram(MetricNames.HttpDuration, "s", "A request over HTTP, to the end of its answer.", tags: null, GenAiNames.DurationBuckets);

    public static IApplicationBuilder UseTelemetry(this IApplicationBuilder application) => application.Use(async (context, next) =>
    {
        var began = Stopwatch.GetTimestamp();
        var door = DoorOf(context.Request.Path);
        var span = Activity.Current;
        if (span is not null && door is Health or Metrics)
        {
            // Who looks on every few seconds is no trace.
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            span.IsAllDataRequested = false;
        }

        try
        {
            await next(context);
        }
        finally
        {
            Duration.Record(
                Stopwatch.GetElapsedTime(began).TotalSeconds,
                new KeyValuePair<string, object?>(MetricNames.Door, door),
                new KeyValuePair<string, object?>(MetricNames.HttpMethod, MethodOf(context.Request.Method)),
                new KeyValuePair<string, object?>(MetricNames.HttpStatus, context.Response.StatusCode));
            if (span is { IsAllDataRequested: true })
            {
                var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
                span.DisplayName = $"{MethodOf(context.Request.Method)} {route ?? door}";
                span.SetTag(MetricNames.HttpMethod, MethodOf(context.Request.Method));
                span.SetTag(MetricNames.HttpStatus, context.Response.StatusCode);
                span.SetTag("http.route", route);
                span.SetTag("url.path", context.Request.Path.Value);
                span.SetTag("llmos.door", door);
            }
        }
    });

    /// <summary>The protocol of an address.</summary>
    internal static string DoorOf(PathString path) =>
        path.StartsWithSegments("/v1") ? "openai"
        : path.StartsWithSegments("/vapi") ? "vapi"
        : path.StartsWithSegments("/api") ? "ollama"
        : path.StartsWithSegments(McpEndpoints.Path) ? "mcp"
        : path.StartsWithSegments(AcpEndpoint.Path) ? "acp"
        : path.StartsWithSegments("/health") ? Health
        : path.StartsWithSegments(MetricsEndpoint.Path) ? Metrics
        : path.StartsWithSegments("/dashboard") ? "orleans"
        : "dashboard";

    // Anybody can send any word there, which has no place in a tag.
    private static string MethodOf(string method) =>
        HttpMethods.IsGet(method) ? "GET" : HttpMethods.IsPost(method) ? "POST" : HttpMethods.IsPut(method) ? "PUT" : HttpMethods.IsPatch(method) ? "PATCH"
        : HttpMethods.IsDelete(method) ? "DELETE" : HttpMethods.IsHead(method) ? "HEAD" : HttpMethods.IsOptions(method) ? "OPTIONS" : "_OTHER";
}
