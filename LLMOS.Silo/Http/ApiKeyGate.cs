using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading.RateLimiting;
using LLMOS.Kernel.Security;

namespace LLMOS.Silo.Http;

/// <summary>
/// Who a request over HTTP comes from. From this machine none has to say; from elsewhere, or where keys are asked for, a key says it. What a request does then it does as the key's principal, in its role.
/// </summary>
internal sealed class ApiKeyGate(IGrainFactory grains, LlmosSiloOptions options) : IDisposable
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";
    private const string OwnPrefix = "llmos-";

    private readonly ConcurrentDictionary<string, TokenBucketRateLimiter> _rates = new();

    /// <summary>Lets a request through, or says why not.</summary>
    /// <returns>The key; null where none is needed.</returns>
    /// <exception cref="ApiKeyException">There is no key, it is wrong, revoked or over its rate.</exception>
    public async Task<ApiKey?> CheckAsync(HttpContext context)
    {
        var key = await FindAsync(context);
        if (key is not null)
        {
            CheckRate(key);
        }

        return key;
    }

    /// <summary>Whether a request's key is good, without counting it as a request: for connections that last.</summary>
    /// <returns>The key; null where none is needed.</returns>
    /// <exception cref="ApiKeyException">There is no key, it is wrong or revoked.</exception>
    public async Task<ApiKey?> FindAsync(HttpContext context)
    {
        // A browser sends the password that it was given with what any page asks for; a key in a header is sent by whoever knows it.
        var isFromOtherPage = IsFromOtherPage(context);
        var header = context.Request.Headers.Authorization.ToString();
        var secret = isFromOtherPage && header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) ? "" : SecretOf(header);
        var isNeeded = options.RequireApiKeys || !IsFromHere(context) || isFromOtherPage;
        if (!isNeeded && !secret.StartsWith(OwnPrefix, StringComparison.Ordinal))
        {
            // Clients have to send something, and send what they were given for other servers.
            return null;
        }

        if (secret.Length == 0)
        {
            throw new ApiKeyException(StatusCodes.Status401Unauthorized, "This server wants a key: send it as 'Authorization: Bearer KEY'; llmos keys create makes one.", "missing_api_key");
        }

        var key = await grains.GetGrain<IApiKeysGrain>(0).FindAsync(secret)
            ?? throw new ApiKeyException(StatusCodes.Status401Unauthorized, "The key is none of this server's: llmos keys create makes one.", "invalid_api_key");
        if (key.RevokedAt is { } revoked)
        {
            throw new ApiKeyException(
                StatusCodes.Status401Unauthorized, string.Create(CultureInfo.InvariantCulture, $"The key {key.Id} was revoked at {revoked:u}: ask for another."), "revoked_api_key");
        }

        return key;
    }

    public void Dispose()
    {
        foreach (var rate in _rates.Values)
        {
            rate.Dispose();
        }
    }

    /// <summary>A proxy of this machine passes on what comes from elsewhere, and says so.</summary>
    private static bool IsFromHere(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } from && System.Net.IPAddress.IsLoopback(from)
        && !context.Request.Headers.ContainsKey("Forwarded") && !context.Request.Headers.ContainsKey("X-Forwarded-For");

    /// <summary>A page of another server, open in a browser of this machine, says so; what it asks is not this machine's user who asks.</summary>
    private static bool IsFromOtherPage(HttpContext context) =>
        context.Request.Headers.Origin is [{ } origin] && (!Uri.TryCreate(origin, UriKind.Absolute, out var page) || page.Authority != context.Request.Host.Value);

    /// <summary>What a client sends: a key as a bearer token, or as the password that a browser asks for.</summary>
    private static string SecretOf(string header)
    {
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return header[Bearer.Length..].Trim();
        }

        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return "";
        }

        var decoded = new byte[header.Length];
        return Convert.TryFromBase64String(header[Basic.Length..].Trim(), decoded, out var length) && Encoding.UTF8.GetString(decoded, 0, length).Split(':', 2) is [_, var password]
            ? password
            : "";
    }

    private void CheckRate(ApiKey key)
    {
        if (key.RequestsPerMinute is not { } most)
        {
            return;
        }

        // A minute's worth at once, then as they come in.
        var rate = _rates.GetOrAdd(key.Id, _ => new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = most,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / most,
            QueueLimit = 0,
        }));
        using var lease = rate.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            throw new ApiKeyException(
                StatusCodes.Status429TooManyRequests, string.Create(CultureInfo.InvariantCulture, $"The key {key.Id} may make {most} requests a minute, and has: ask again later."), "rate_limit_exceeded")
            {
                RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1) / most,
            };
        }
    }
}
