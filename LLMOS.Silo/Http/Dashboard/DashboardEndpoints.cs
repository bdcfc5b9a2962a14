using System.Collections.Frozen;
using System.Security.Cryptography;

namespace LLMOS.Silo.Http.Dashboard;

/// <summary>The dashboard at <c>/</c>: a page, its style and its scripts, which lie in this assembly. Nothing of it comes from another host, and the policy that is sent with it says so.</summary>
internal static class DashboardEndpoints
{
    private const string Prefix = "dashboard/";

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private static readonly Lazy<FrozenDictionary<string, (byte[] Content, string Tag)>> Files = new(Load);

    public static void MapDashboard(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/", context => SendAsync(context, "index.html"));
        endpoints.MapGet("/ui/{**file}", context => SendAsync(context, (string?)context.Request.RouteValues["file"] ?? ""));
        endpoints.MapGet("/favicon.ico", context => SendAsync(context, "icon.svg"));
    }

    private static Task SendAsync(HttpContext context, string file)
    {
        if (!Files.Value.TryGetValue(file, out var found))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";

        // Asked for again each time, and answered with 304 unless the silo is another version.
        headers.CacheControl = "no-cache";
        headers.ETag = found.Tag;
        if (headers.ETag == context.Request.Headers.IfNoneMatch)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentType = Types[Path.GetExtension(file)];
        context.Response.ContentLength = found.Content.Length;
        return context.Response.Body.WriteAsync(found.Content, context.RequestAborted).AsTask();
    }

    private static FrozenDictionary<string, (byte[] Content, string Tag)> Load()
    {
        var assembly = typeof(DashboardEndpoints).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(
            name => name[Prefix.Length..].Replace('\\', '/'),
            name =>
            {
                using var resource = assembly.GetManifestResourceStream(name)!;
                var content = new byte[resource.Length];
                resource.ReadExactly(content);
                return (content, $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"");
            });
    }
}
