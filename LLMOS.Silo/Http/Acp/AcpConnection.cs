using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace LLMOS.Silo.Http.Acp;

/// <summary>One WebSocket: takes messages apart into calls, answers each, and sends what a session has to tell.</summary>
internal sealed class AcpConnection(WebSocket socket, AcpSession session) : IAsyncDisposable
{
    /// <summary>Bytes of a message.</summary>
    private const int MaxMessage = 1024 * 1024;

    // Calls that wait may be many; those of one client at once are not.
    private const int MaxCalls = 64;

    private readonly SemaphoreSlim _sending = new(1);
    private readonly SemaphoreSlim _calls = new(MaxCalls);
    private readonly CancellationTokenSource _over = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
        var stop = linked.Token;
        session.Notify = (method, body) => SendAsync(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = body }, stop);
        while (await ReceiveAsync(stop) is { } message)
        {
            await _calls.WaitAsync(stop);
            var answering = AnswerAsync(message, stop);
            if (!session.IsInitialized)
            {
                // What a client sends behind its first call counts on that.
                await answering;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await session.DisposeAsync();
        for (var i = 0; i < MaxCalls; i++)
        {
            await _calls.WaitAsync();
        }

        _calls.Dispose();
        _sending.Dispose();
        _over.Dispose();
    }

    private async Task AnswerAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            if (await AcpMessage.AnswerAsync(message, "process/list", session.CallAsync, cancellationToken) is { } answer)
            {
                await SendAsync(answer, cancellationToken);
            }
        }
        catch (Exception away) when (away is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // Nobody is there to be answered.
        }
        finally
        {
            _calls.Release();
        }
    }

    private async Task SendAsync(JsonNode message, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(message.ToJsonString());
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <returns>The next message; null when the connection is over.</returns>
    private async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(4_096);
        while (true)
        {
            var part = await socket.ReceiveAsync(message.GetMemory(4_096), cancellationToken);
            switch (part.MessageType)
            {
                case WebSocketMessageType.Close:
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancellationToken);
                    return null;
                case WebSocketMessageType.Binary:
                    await socket.CloseOutputAsync(WebSocketCloseStatus.InvalidMessageType, "Messages are text.", cancellationToken);
                    return null;
                default:
                    message.Advance(part.Count);
                    break;
            }

            if (message.WrittenCount > MaxMessage)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, string.Create(CultureInfo.InvariantCulture, $"A message has at most {MaxMessage} bytes."), cancellationToken);
                return null;
            }

            if (part.EndOfMessage)
            {
                return message.WrittenMemory;
            }
        }
    }
}
