using System.Net.WebSockets;
using LLMOS.Client;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Http.OpenAi;

namespace LLMOS.Silo.Http.Acp;

/// <summary>The Agent Control Protocol under <c>/acp</c>: JSON-RPC 2.0 over a WebSocket.</summary>
internal static class AcpEndpoint
{
    public const string Path = "/acp";

    /// <summary>The subprotocol, by which a client can ask for this version of the protocol.</summary>
    public const string Subprotocol = "llmos.acp.v1";

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    // How long a connection outlives its key.
    private static readonly TimeSpan KeyInterval = TimeSpan.FromSeconds(1);

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
        var gate = services.GetRequiredService<ApiKeyGate>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var key = context.Features.Get<ApiKey>();
        var session = new AcpSession(
            services.GetRequiredService<LlmosClient>(),
            services.GetRequiredService<AuditEvents>(),
            services.GetRequiredService<LlmosSiloOptions>().Security.LocalPrincipal,
            key,
            () => AsServer.CallAsync(() => gate.CheckAsync(context)));
        var watch = key is null ? Task.CompletedTask : WatchKeyAsync(gate, context, socket, stop);
        try
        {
            await using var connection = new AcpConnection(socket, session);
            await connection.RunAsync(stop.Token);
        }
        catch (Exception away) when (away is OperationCanceledException or WebSocketException or IOException)
        {
            // The client is gone, or the silo stops.
        }
        finally
        {
            await stop.CancelAsync();
            await watch;
        }
    }

    /// <summary>Ends a connection whose key is revoked: what it has subscribed to, too.</summary>
    private static async Task WatchKeyAsync(ApiKeyGate gate, HttpContext context, WebSocket socket, CancellationTokenSource stop)
    {
        using var timer = new PeriodicTimer(KeyInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                try
                {
                    _ = await AsServer.CallAsync(() => gate.FindAsync(context));
                }
                catch (ApiKeyException refusal)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, refusal.Message, stop.Token);

                    // The client closes then, too; one that does not is cut off.
                    _ = await timer.WaitForNextTickAsync(stop.Token);
                    await stop.CancelAsync();
                }
                catch (Exception away) when (away is OrleansException or TimeoutException)
                {
                    // Nobody knows as yet; calls that the connection makes are not answered either.
                }
            }
        }
        catch (Exception over) when (over is OperationCanceledException or WebSocketException or IOException)
        {
            // The connection is over.
        }
    }
}
