using LLMOS.Silo.Http.Live;
using Microsoft.AspNetCore.Http.Json;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>The REST interface below <c>/vapi/v1</c>: every resource of the system, every syscall, events, and the document that describes them.</summary>
internal static class VapiEndpoints
{
    public const string Root = "/vapi/v1";

    public static void AddVapi(this IServiceCollection services)
    {
        services.Configure<JsonOptions>(json => VapiJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(route => route.ThrowOnBadRequest = true);
        services.AddSingleton<LiveBoard>();
        services.AddSingleton<EventFeed>();
        services.AddOpenApi("v1", document =>
        {
            document.ShouldInclude = described => ("/" + described.RelativePath).StartsWith(Root, StringComparison.Ordinal);
            document.AddDocumentTransformer((described, _, _) =>
            {
                described.Info.Title = "LLMOS VAPI";
                described.Info.Version = "1";
                described.Info.Description = "Processes, messages, memory, files, models and devices of LLMOS, every syscall, and events. Errors are problems (RFC 9457); a POST with an Idempotency-Key is carried out once.";
                return Task.CompletedTask;
            });
        });
    }

    public static void UseVapi(this IApplicationBuilder application) => application.UseWhen(
        context => context.Request.Path.StartsWithSegments("/vapi"),
        branch =>
        {
            branch.UseMiddleware<VapiErrors>();

            // What the request is refused with is an answer, too, and is kept.
            branch.UseMiddleware<VapiIdempotency>();
            branch.UseMiddleware<VapiErrors>();
        });

    public static void MapVapi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi(Root + "/openapi.json");
        var vapi = endpoints.MapGroup(Root);
        vapi.MapProcesses();
        vapi.MapMessages();
        vapi.MapGroups();
        vapi.MapMemory();
        vapi.MapFiles();
        vapi.MapSystem();
        vapi.MapSyscalls();
        vapi.MapEvents();
    }
}
