using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace LLMOS.Client.Tests.Acp;

/// <summary>A WebSocket that speaks ACP, as a program would.</summary>
internal sealed class AcpClient : IDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
    private readonly Queue<JsonElement> _events = new();
    private int _id;

    public ClientWebSocket Socket { get; } = new();

    public static async Task<AcpClient> ConnectAsync(Uri silo, string? secret = null, bool initialize = true)
    {
        var client = new AcpClient();
        if (secret is not null)
        {
            client.Socket.Options.SetRequestHeader("Authorization", $"Bearer {secret}");
        }

        client.Socket.Options.AddSubProtocol("llmos.acp.v1");
        await client.Socket.ConnectAsync(new UriBuilder(silo) { Scheme = silo.Scheme == "https" ? "wss" : "ws", Path = "acp" }.Uri, client._limit.Token);
        if (initialize)
        {
            _ = await client.CallAsync("initialize", new { protocolVersion = 1 });
        }

        return client;
    }

    /// <summary>Calls, and gives the result.</summary>
    public async Task<JsonElement> CallAsync(string method, object? parameters = null)
    {
        var answer = await AskAsync(method, parameters);
        Assert.True(answer.TryGetProperty("result", out var result), answer.ToString());
        return result;
    }

    /// <summary>Calls, and gives the error.</summary>
    public async Task<JsonElement> FailAsync(string method, object? parameters = null)
    {
        var answer = await AskAsync(method, parameters);
        Assert.True(answer.TryGetProperty("error", out var error), answer.ToString());
        Assert.EndsWith(".", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        return error;
    }

    /// <summary>The next event that fits.</summary>
    public async Task<JsonElement> NextEventAsync(Func<JsonElement, bool> fits)
    {
        while (true)
        {
            var next = _events.Count > 0 ? _events.Dequeue() : Params(await ReceiveAsync());
            if (fits(next))
            {
                return next;
            }
        }
    }

    public Task SendTextAsync(string text) => Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, _limit.Token);

    public Task SendBytesAsync(byte[] bytes, WebSocketMessageType type) => Socket.SendAsync(bytes, type, true, _limit.Token);

    public async Task<JsonElement> ReceiveAsync() => JsonElement.Parse(await ReceiveTextAsync() ?? throw new InvalidOperationException($"The server closed: {Socket.CloseStatusDescription}"));

    /// <returns>Null when the server closed.</returns>
    public async Task<string?> ReceiveTextAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[8_192];
        while (true)
        {
            var part = await Socket.ReceiveAsync(buffer, _limit.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(message.ToArray());
            }
        }
    }

    public void Dispose()
    {
        Socket.Dispose();
        _limit.Dispose();
    }

    private static JsonElement Params(JsonElement message)
    {
        Assert.Equal("events/event", message.GetProperty("method").GetString());
        return message.GetProperty("params");
    }

    private async Task<JsonElement> AskAsync(string method, object? parameters)
    {
        var id = ++_id;
        await SendTextAsync(JsonSerializer.Serialize(new { jsonrpc = "2.0", id, method, @params = parameters ?? new { } }));
        while (true)
        {
            var message = await ReceiveAsync();
            if (message.TryGetProperty("id", out var answered))
            {
                Assert.Equal(id, answered.GetInt32());
                return message;
            }

            _events.Enqueue(Params(message));
        }
    }
}
