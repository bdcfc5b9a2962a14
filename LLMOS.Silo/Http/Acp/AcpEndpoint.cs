using System.Net.WebSockets;
using LLMOS.Client;
using LLMOS.Silo.Http.OpenAi;

namespace LLMOS.Silo.Http.Acp;

/// <summary>The Agent Control Protocol under <c>/acp</c>: JSON-RPC 2.0 over a WebSocket.</summary>
internal static class AcpEndpoint
{
    public const string Path = "/acp";

    /// <summary>The subprotocol, by which a client can ask for this version of the protocol.</summary>
    public const string Subprotocol = "llmos.acp.v1";

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    public static void AddAcp(this IServiceCollection services) => services.AddSingleton<AuditEvents>();

    public static void UseAcpSockets(this IApplicationBuilder application) =>
        application.UseWebSockets(new WebSocketOptions { KeepAliveInterval = KeepAlive, KeepAliveTimeout = KeepAlive });

    public static void MapAcp(this IEndpointRouteBuilder endpoints) =>
        endpoints.Map(Path, context => HttpGuard.RunAsync(context, () => AcceptAsync(context), ChatJson.Error));

    private static async Task AcceptAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            throw new OpenAiException(StatusCodes.Status426UpgradeRequired, $"{Path} speaks JSON-RPC over a WebSocket: open one to it.", code: "upgrade_required");
        }

        var asked = context.WebSockets.WebSocketRequestedProtocols;
        if (asked.Count > 0 && !asked.Contains(Subprotocol))
        {
            throw new OpenAiException(StatusCodes.Status400BadRequest, $"{Path} speaks the subprotocol {Subprotocol}, which is not among those that were asked for.", code: "unknown_subprotocol");
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(asked.Count > 0 ? Subprotocol : null);
        var services = context.RequestServices;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var session = new AcpSession(
            services.GetRequiredService<LlmosClient>(),
            services.GetRequiredService<AuditEvents>(),
            services.GetRequiredService<LlmosSiloOptions>().Security.LocalPrincipal,
            context.Features.Get<Kernel.Security.ApiKey>());
        await using var connection = new AcpConnection(socket, session);
        try
        {
            await connection.RunAsync(stop.Token);
        }
        catch (Exception away) when (away is OperationCanceledException or WebSocketException or IOException)
        {
            // The client is gone, or the silo stops.
        }
    }
}
