using System.Globalization;
using LLMOS.Kernel.Security;
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
            if (key is not null && key.Role < CallerRole.Admin && !IsInterface(context.Request))
            {
                throw new ApiKeyException(StatusCodes.Status403Forbidden, $"The key {key.Id} is of the role {key.Role.ToString().ToLowerInvariant()}, and the dashboard shows all state: that is for administrators.", "permission_denied");
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
        CallerContext.Claim = key is null ? null : Caller.Of(key.Principal, key.Role);
        await next(context);
    });

    /// <summary>What programs ask, each in the role of its key; all else is the dashboards.</summary>
    private static bool IsInterface(HttpRequest request) => request.Path.StartsWithSegments("/v1") || request.Path.StartsWithSegments("/vapi");

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
            context.Response.Headers.WWWAuthenticate = IsInterface(context.Request) ? "Bearer" : "Basic realm=\"LLMOS\"";
        }

        if (context.Request.Path.StartsWithSegments("/vapi"))
        {
            await Problem.Of(refusal.Status, refusal.Code, refusal.Message).WriteAsync(context);
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(ChatJson.Error(new OpenAiException(refusal.Status, refusal.Message, code: refusal.Code)).ToJsonString(), context.RequestAborted);
    }
}
