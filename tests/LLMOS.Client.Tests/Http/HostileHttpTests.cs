#pragma warning disable xUnit1051 // Each connection has a time limit of its own.
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LLMOS.Client.Tests.OpenAi;

namespace LLMOS.Client.Tests.Http;

/// <summary>What comes over a bare socket from somebody who means harm: the answer has a status, and the silo goes on.</summary>
public sealed class HostileHttpTests(HttpSilo silo) : IClassFixture<HttpSilo>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nX-LLMOS-Priority: 1\u0001\r\nContent-Length: 2\r\n\r\n{}", "400")]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n{}", "400")]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n", "400")]
    [InlineData("POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nContent-Length: 104857600\r\n\r\n", "413")]
    [InlineData("POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 104857600\r\n\r\n", "413")]
    [InlineData("GET /acp HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: x\r\n\r\n", "4")]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: evil.example\r\n\r\n", "400")]
    [InlineData("NONSENSE\r\n\r\n", "400")]
    public async Task Broken_requests_are_refused_with_a_status(string request, string status)
    {
        var answer = await SendAsync(Encoding.Latin1.GetBytes(request));
        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        await IsUnharmedAsync();
    }

    [Theory]
    [InlineData("v1/chat/completions")]
    [InlineData("v1/completions")]
    [InlineData("v1/responses")]
    [InlineData("v1/embeddings")]
    [InlineData("api/chat")]
    [InlineData("api/generate")]
    [InlineData("api/embed")]
    [InlineData("api/show")]
    public async Task Bodies_that_are_not_what_they_should_be_are_a_400(string path)
    {
        using var http = new HttpClient { BaseAddress = silo.Address };
        foreach (var body in (byte[][])[[], [0xFF, 0xFE, 0x00], "null"u8.ToArray(), "[]"u8.ToArray(), "\"x\""u8.ToArray(), "{\"model\":7}"u8.ToArray(), Encoding.UTF8.GetBytes(new string('[', 5_000))])
        {
            using var response = await http.PostAsync(path, new ByteArrayContent(body));
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{path} {Convert.ToHexString(body.AsSpan(0, Math.Min(8, body.Length)))}: {response.StatusCode} {text}");
            Assert.Contains("error", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_client_that_drips_its_body_is_not_waited_for_and_others_are_served_meanwhile()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, silo.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{"));
        var answer = ReadAsync(stream);
        var started = Stopwatch.GetTimestamp();
        await IsUnharmedAsync();
        Assert.StartsWith("HTTP/1.1 408", await answer.WaitAsync(Limit), StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(2), Limit);
    }

    private async Task<string> SendAsync(byte[] request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, silo.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(request);
        return await ReadAsync(stream).WaitAsync(Limit);
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[4_096];
        var length = await stream.ReadAsync(buffer);
        return Encoding.Latin1.GetString(buffer, 0, length);
    }

    private async Task IsUnharmedAsync()
    {
        using var http = new HttpClient { BaseAddress = silo.Address };
        Assert.Contains("tools", await http.GetStringAsync("v1/models"), StringComparison.Ordinal);
    }
}
