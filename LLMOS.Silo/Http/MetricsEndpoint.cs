using LLMOS.Silo.Telemetry;

namespace LLMOS.Silo.Http;

/// <summary><c>/metrics</c> for Prometheus. What answers is made with the first scrape, so that a silo that nobody scrapes loads and counts nothing for it.</summary>
internal sealed class MetricsEndpoint(IServiceProvider services) : IDisposable
{
    public const string Path = "/metrics";

    private readonly Lazy<PrometheusScrape> _scrape = new(() => new PrometheusScrape(services));

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var metrics = endpoints.ServiceProvider.GetRequiredService<MetricsEndpoint>();
        endpoints.MapGet(Path, metrics.AnswerAsync);
    }

    public void Dispose()
    {
        if (_scrape.IsValueCreated)
        {
            _scrape.Value.Dispose();
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        // What answers is a pipeline of its own, which would pass a request on that has been routed already.
        context.SetEndpoint(null);
        return _scrape.Value.AnswerAsync(context);
    }
}
