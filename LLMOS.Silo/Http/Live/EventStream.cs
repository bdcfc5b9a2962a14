namespace LLMOS.Silo.Http.Live;

/// <summary>A response of server-sent events.</summary>
internal sealed class EventStream(HttpContext context)
{
    /// <summary>How long a stream is silent before it says that it goes on.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Sends the header, so that the client knows that it is heard.</summary>
    public async Task BeginAsync()
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await context.Response.Body.WriteAsync(EventFrame.KeepAlive, Aborted);
        await context.Response.Body.FlushAsync(Aborted);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> frame)
    {
        await context.Response.Body.WriteAsync(frame, Aborted);
        await context.Response.Body.FlushAsync(Aborted);
    }
}
