using Orleans.Dashboard;

namespace LLMOS.Silo.Http;

/// <summary>
/// The Orleans Dashboard at <c>/dashboard</c>, made when somebody first looks at it: it compresses all its files as it is made, which would be a fifth of each
/// silo's start.
/// </summary>
internal static class SiloDashboard
{
    private const string Path = "/dashboard";

    public static void MapSiloDashboard(this IEndpointRouteBuilder endpoints)
    {
        var dashboard = new Lazy<RequestDelegate>(() => Build(endpoints.ServiceProvider));
        endpoints.Map(Path + "/{**path}", context =>
        {
            // Routing passes over a request that has been routed already.
            context.SetEndpoint(null);
            context.Request.RouteValues.Clear();
            return dashboard.Value(context);
        });
    }

    private static RequestDelegate Build(IServiceProvider services)
    {
        var branch = new ApplicationBuilder(services);
        branch.UseRouting();
        branch.UseEndpoints(endpoints => endpoints.MapOrleansDashboard(Path));
        return branch.Build();
    }
}
