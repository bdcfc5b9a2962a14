using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace LLMOS.Silo.Telemetry;

/// <summary>What answers a scrape of Prometheus. It counts from when it is made.</summary>
internal sealed class PrometheusScrape : IDisposable
{
    private readonly MeterProvider _provider;
    private readonly RequestDelegate _answer;

    public PrometheusScrape(IServiceProvider services)
    {
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddLlmos()
            // Whoever scrapes twice wants what is new.
            .AddPrometheusExporter(options => options.ScrapeResponseCacheDurationMilliseconds = 0)
            .Build();
        var branch = new ApplicationBuilder(services);
        branch.UseOpenTelemetryPrometheusScrapingEndpoint(_provider, predicate: _ => true, path: null, configureBranchedPipeline: null, optionsName: null);
        _answer = branch.Build();
    }

    public Task AnswerAsync(HttpContext context) => _answer(context);

    public void Dispose() => _provider.Dispose();
}
