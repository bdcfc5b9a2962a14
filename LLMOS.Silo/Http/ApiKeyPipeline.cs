using System.Globalization;
using System.Security.Claims;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Http.Acp;
using LLMOS.Silo.Http.Mcp;
using LLMOS.Silo.Http.Ollama;
using LLMOS.Silo.Http.OpenAi;
using LLMOS.Silo.Http.Vapi;

namespace LLMOS.Silo.Http;

/// <summary>Puts <see cref="ApiKeyGate"/> before every address but <c>/health</c>.</summary>
internal static class ApiKeyPipeline
{
    public static IApplicationBuilder UseApiKeys(this IApplicationBuilder application) => application.Use(async (context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/health"))
        {
            await next(context);
            return;
        }

        ApiKey? key;
        try
        {
            key = await context.RequestServices.GetRequiredService<ApiKeyGate>().CheckAsync(context);
            if (key is not null && key.Role < CallerRole.Operator && IsForOperators(context.Request.Path))
            {
                throw new ApiKeyException(StatusCodes.Status403Forbidden, $"The key {key.Id} is of the role {key.Role.ToString().ToLowerInvariant()}, and {MetricsEndpoint.Path} shows what all do: that is for operators.", "permission_denied");
            }

            if (key is not null && key.Role < CallerRole.Admin && !IsForPrograms(context.Request.Path) && !IsForOperators(context.Request.Path))
            {
                throw new ApiKeyException(StatusCodes.Status403Forbidden, $"The key {key.Id} is of the role {key.Role.ToString().ToLowerInvariant()}, and the dashboard shows all state: that is for administrators.", "permission_denied");
            }

            if (key?.Pid is { } pid && !context.Request.Path.StartsWithSegments(McpEndpoints.Path))
            {
                throw new ApiKeyException(StatusCodes.Status403Forbidden, $"The key {key.Id} is for calls in the place of process {pid}, which are made over {McpEndpoints.Path}: use another key here.", "permission_denied");
            }
        }
        catch (ApiKeyException refusal)
        {
            await RefuseAsync(context, refusal);
            return;
        }
        catch (Exception away) when (away is OrleansException or TimeoutException)
        {
            await RefuseAsync(context, new ApiKeyException(StatusCodes.Status503ServiceUnavailable, "The system did not answer, and may be starting or stopping: ask again.", "unavailable") { RetryAfter = TimeSpan.FromSeconds(1) });
            return;
        }

        context.Features.Set(key);
        if (key is not null)
        {
            context.User = new ClaimsPrincipal(new ApiKeyIdentity(key));
        }

        CallerContext.Claim = key is null ? null : Caller.Of(key);
        await next(context);
    });

    /// <summary>Whether an address is of a protocol in which the system itself decides what a caller may do.</summary>
    private static bool IsForPrograms(PathString path) =>
        path.StartsWithSegments("/v1") || path.StartsWithSegments("/vapi") || path.StartsWithSegments("/api") || path.StartsWithSegments(McpEndpoints.Path) || path.StartsWithSegments(AcpEndpoint.Path);

    private static bool IsForOperators(PathString path) => path.StartsWithSegments(MetricsEndpoint.Path);

    private static async Task RefuseAsync(HttpContext context, ApiKeyException refusal)
    {
        context.Response.StatusCode = refusal.Status;
        if (refusal.RetryAfter is { } after)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            // A browser asks for a password then, and sends the key as that.
            context.Response.Headers.WWWAuthenticate = IsForPrograms(context.Request.Path) ? "Bearer" : "Basic realm=\"LLMOS\"";
        }

        if (context.Request.Path.StartsWithSegments("/vapi"))
        {
            await Problem.Of(refusal.Status, refusal.Code, refusal.Message).WriteAsync(context);
            return;
        }

        var error = new OpenAiException(refusal.Status, refusal.Message, code: refusal.Code);
        await HttpGuard.WriteAsync(context, context.Request.Path.StartsWithSegments("/api") ? OllamaEndpoints.Error(error) : ChatJson.Error(error));
    }
}
