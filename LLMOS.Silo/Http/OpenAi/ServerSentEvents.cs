using System.Text;
using System.Text.Json.Nodes;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>A response in pieces, framed as OpenAI's servers do: a line of data for each, and one that says that it is done.</summary>
internal sealed class ServerSentEvents(HttpResponse response) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Sends a piece; the header goes with the first. Safe to call from several answers at once.</summary>
    public Task SendAsync(JsonNode piece, CancellationToken cancellationToken) => SendAsync($"data: {piece.ToJsonString()}\n\n", cancellationToken);

    /// <summary>Sends an event with a name.</summary>
    public Task SendAsync(string name, JsonNode piece, CancellationToken cancellationToken) => SendAsync($"event: {name}\ndata: {piece.ToJsonString()}\n\n", cancellationToken);

    public Task EndAsync(CancellationToken cancellationToken) => SendAsync("data: [DONE]\n\n", cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task SendAsync(string frame, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!response.HasStarted)
            {
                response.ContentType = "text/event-stream";
                response.Headers.CacheControl = "no-cache";
                response.Headers["X-Accel-Buffering"] = "no";
            }

            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(frame), cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }
}
