using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Idempotency;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>
/// Gives a POST that comes with an <c>Idempotency-Key</c> again its first answer. The key is noted durably before the request is carried out and the answer before it
/// is sent; a request whose client goes away is carried out to its end, for the client to ask again.
/// </summary>
internal sealed class VapiIdempotency(RequestDelegate next, IGrainFactory grains, IHostApplicationLifetime lifetime)
{
    public const string Header = "Idempotency-Key";

    /// <summary>Says that an answer is one that was given before.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    private const int LongestKey = 255;

    // A longer answer is given again without its body.
    private const int MostKept = 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !context.Request.Headers.TryGetValue(Header, out var said))
        {
            await next(context);
            return;
        }

        var name = said.ToString().Trim('"');
        if (name.Length is 0 or > LongestKey || name.Any(character => character is < ' ' or > '~'))
        {
            throw VapiException.Wrong($"{Header} has {name.Length} characters: use 1 to {LongestKey} of ASCII, such as a UUID.");
        }

        context.Request.EnableBuffering();
        var principal = context.Features.Get<ApiKey>()?.Principal ?? "";
        var key = SHA256.HashData(Encoding.UTF8.GetBytes($"{principal}\n{name}"));
        var request = await HashAsync(context.Request);
        var book = grains.GetGrain<IIdempotencyGrain>(BinaryPrimitives.ReadUInt32LittleEndian(key) % IIdempotencyGrain.Buckets);
        var keyText = Convert.ToHexStringLower(key);
        var claim = await AsServer.CallAsync(() => book.BeginAsync(keyText, request));
        switch (claim.State)
        {
            case IdempotencyState.Mismatch:
                throw new VapiException(StatusCodes.Status422UnprocessableEntity, "idempotency_mismatch", $"The {Header} '{Shorten(name)}' was used for another request: use a new one for this.");
            case IdempotencyState.Running:
                throw new VapiException(StatusCodes.Status409Conflict, "idempotency_running", $"The request with the {Header} '{Shorten(name)}' is still being carried out: ask again.");
            case IdempotencyState.Interrupted:
                throw new VapiException(StatusCodes.Status409Conflict, "idempotency_interrupted", $"The request with the {Header} '{Shorten(name)}' was begun and not answered, and may have been done: look whether it was, and use a new key to do it again.");
            case IdempotencyState.Answered:
                await ReplayAsync(context, claim.Answer!);
                return;
            default:
                await CarryOutAsync(context, book, keyText);
                return;
        }
    }

    private async Task CarryOutAsync(HttpContext context, IIdempotencyGrain book, string key)
    {
        var (client, body) = (context.RequestAborted, context.Response.Body);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        limit.CancelAfter(Longest);
        using var answer = new MemoryStream();
        context.RequestAborted = limit.Token;
        context.Response.Body = answer;
        try
        {
            await next(context);
        }
        catch
        {
            await AsServer.CallAsync(() => book.DoubtAsync(key));
            throw;
        }
        finally
        {
            context.Response.Body = body;
            context.RequestAborted = client;
        }

        await AsServer.CallAsync(() => context.Response.StatusCode switch
        {
            // What was refused for want of room had no effect; what was not answered in time may have had it.
            StatusCodes.Status429TooManyRequests => book.AbandonAsync(key),
            StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout => book.DoubtAsync(key),
            _ => book.CompleteAsync(key, Stored(context.Response, answer)),
        });

        if (answer.Length > 0)
        {
            context.Response.ContentLength = answer.Length;
            await body.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length), client);
        }
    }

    private static StoredAnswer Stored(HttpResponse response, MemoryStream answer)
    {
        var isKept = answer.Length <= MostKept;
        return new StoredAnswer(response.StatusCode, isKept ? response.ContentType ?? "" : "", response.Headers.Location.ToString(), isKept ? answer.ToArray() : []);
    }

    private static async Task ReplayAsync(HttpContext context, StoredAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.Headers[ReplayedHeader] = "true";
        if (answer.ContentType.Length > 0)
        {
            context.Response.ContentType = answer.ContentType;
        }

        if (answer.Location.Length > 0)
        {
            context.Response.Headers.Location = answer.Location;
        }

        if (answer.Body.Length > 0)
        {
            context.Response.ContentLength = answer.Body.Length;
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }

    private static async Task<string> HashAsync(HttpRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path}\n{request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is > 0 and var read)
        {
            hash.AppendData(buffer.AsSpan(0, read));
        }

        request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
