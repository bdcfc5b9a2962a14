#pragma warning disable xUnit1051 // The client has a time limit of its own.
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using LLMOS.Client.Tests.OpenAi;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.Client.Tests.Acp;

/// <summary>The Agent Control Protocol: control of processes, events that are gone on with from an offset, and what is out of protocol.</summary>
public sealed class AcpTests(HttpSilo silo) : IClassFixture<HttpSilo>
{
    [Fact]
    public async Task A_process_is_spawned_held_limited_and_killed()
    {
        using var client = await AcpClient.ConnectAsync(silo.Address);
        var pid = Pid(await client.CallAsync("process/spawn", new { name = "controlled", role = "You work.", priority = "LOW" }));
        Assert.Equal("SUSPENDED", State(await client.CallAsync("process/suspend", new { pid })));
        Assert.NotEqual("SUSPENDED", State(await client.CallAsync("process/resume", new { pid = "controlled" })));
        Assert.Equal(13, (await client.CallAsync("priority/set", new { pid, priority = 13 })).GetProperty("process").GetProperty("priority").GetInt32());
        Assert.Equal(14, (await client.CallAsync("priority/nice", new { pid, delta = 1 })).GetProperty("process").GetProperty("priority").GetInt32());
        _ = await client.CallAsync("limits/set", new { pid, limit = "tokens", value = 5_000 });
        Assert.Equal(5_000, (await client.CallAsync("limits/get", new { pid })).GetProperty("limits").GetProperty("tokens").GetProperty("allocated").GetInt64());
        Assert.Contains((await client.CallAsync("process/list")).GetProperty("processes").EnumerateArray(), process => process.GetProperty("pid").GetInt64() == pid);
        _ = await client.CallAsync("process/kill", new { pid });
        Assert.Equal("TERMINATED", State(await client.CallAsync("process/wait", new { pid })));
        Assert.Equal("TERMINATED", State(await client.CallAsync("process/get", new { pid })));
        var again = await client.FailAsync("process/suspend", new { pid });
        Assert.Equal(-32000, again.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Events_go_on_from_the_offset_that_was_seen_last_also_after_a_restart()
    {
        await using var own = new HttpSilo();
        await own.InitializeAsync();
        long pid, seen;
        using (var client = await AcpClient.ConnectAsync(own.Address))
        {
            _ = await client.CallAsync("events/subscribe");
            pid = Pid(await client.CallAsync("process/spawn", new { name = "watched" }));
            var spawned = await client.NextEventAsync(happened => happened.GetProperty("type").GetString() == "spawn");
            Assert.Equal("local", spawned.GetProperty("principal").GetString());
            seen = spawned.GetProperty("offset").GetInt64();
        }

        // Nobody listens, and then the silo is another one.
        await own.Client.SuspendAsync(pid);
        await own.RestartAsync();
        await own.Client.KillAsync(pid);
        using var back = await AcpClient.ConnectAsync(own.Address);
        var subscription = (await back.CallAsync("events/subscribe", new { from = seen, pid })).GetProperty("subscription").GetString();
        var offsets = new List<long> { seen };
        foreach (var type in (string[])["suspend", "kill"])
        {
            var happened = await back.NextEventAsync(next =>
            {
                offsets.Add(next.GetProperty("offset").GetInt64());
                return next.GetProperty("type").GetString() == type;
            });
            Assert.Equal(pid, happened.GetProperty("destination").GetInt64());
        }

        Assert.Equal(offsets.Distinct().Order(), offsets);
        _ = await back.CallAsync("events/unsubscribe", new { subscription });
        Assert.Equal(-32602, (await back.FailAsync("events/unsubscribe", new { subscription })).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_users_key_controls_and_sees_what_is_its_own()
    {
        await using var keyed = new KeyedHttpSilo();
        await keyed.InitializeAsync();
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => AcpClient.ConnectAsync(keyed.Address));
        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
        var issued = await keyed.Client.Keys.CreateAsync(new ApiKey { Id = "", Principal = "ida", Role = CallerRole.User });
        var other = await keyed.Client.SpawnAsync(new ProcessSpec { Name = "other" });
        using var client = await AcpClient.ConnectAsync(keyed.Address, issued.Secret);
        _ = await client.CallAsync("events/subscribe", new { from = 0 });
        var denied = await client.FailAsync("process/kill", new { pid = other.Pid });
        Assert.Equal("PermissionDenied", denied.GetProperty("data").GetProperty("error").GetString());
        _ = Pid(await client.CallAsync("process/spawn", new { name = "mine" }));
        var first = await client.NextEventAsync(_ => true);
        while (first.GetProperty("type").GetString() != "spawn")
        {
            Assert.Equal("ida", first.GetProperty("principal").GetString());
            first = await client.NextEventAsync(_ => true);
        }

        Assert.Equal("ida", first.GetProperty("principal").GetString());
    }

    [Fact]
    public async Task A_connection_ends_with_its_key_and_its_calls_count_as_requests()
    {
        await using var keyed = new KeyedHttpSilo();
        await keyed.InitializeAsync();
        var issued = await keyed.Client.Keys.CreateAsync(new ApiKey { Id = "", Principal = "jo", Role = CallerRole.User, RequestsPerMinute = 4 });
        using var client = await AcpClient.ConnectAsync(keyed.Address, issued.Secret);
        _ = await client.CallAsync("events/subscribe");
        _ = await client.CallAsync("process/list");
        Assert.Equal("ResourceExhausted", (await client.FailAsync("process/list")).GetProperty("data").GetProperty("error").GetString());
        await keyed.Client.Keys.RevokeAsync(issued.Key.Id);
        while (await client.ReceiveTextAsync() is { } text)
        {
            // What happened before that may still come.
            Assert.Contains("events/event", text, StringComparison.Ordinal);
        }

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, client.Socket.CloseStatus);
        Assert.Contains("was revoked", client.Socket.CloseStatusDescription, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("7", -32600)]
    [InlineData("""{"id":1,"method":"process/list"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"process/list"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"process/list","params":[1]}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"process/explode"}""", -32601)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"process/kill"}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"process/kill","params":{"pid":{"a":1}}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"process/kill","params":{"pid":99999999}}""", -32000)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"events/subscribe","params":{"from":-1}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":2}}""", -32602)]
    public async Task What_is_no_good_call_is_an_error_and_the_connection_goes_on(string text, int code)
    {
        using var client = await AcpClient.ConnectAsync(silo.Address);
        await client.SendTextAsync(text);
        Assert.Equal(code, (await client.ReceiveAsync()).GetProperty("error").GetProperty("code").GetInt32());
        await client.SendTextAsync("""{"jsonrpc":"2.0","method":"process/list"}""");
        await client.SendTextAsync("""[{"jsonrpc":"2.0","id":"a","method":"process/list"},{"jsonrpc":"2.0","id":"b","method":"no"}]""");
        var batch = await client.ReceiveAsync();
        Assert.Equal(["a", "b"], batch.EnumerateArray().Select(answer => answer.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task The_connection_begins_with_a_version()
    {
        using var client = await AcpClient.ConnectAsync(silo.Address, initialize: false);
        Assert.Equal(-32002, (await client.FailAsync("process/list")).GetProperty("code").GetInt32());
        var hello = await client.CallAsync("initialize", new { protocolVersion = 1 });
        Assert.Equal("local", hello.GetProperty("principal").GetString());
        Assert.Contains("process/spawn", hello.GetProperty("methods").EnumerateArray().Select(method => method.GetString()));
    }

    [Theory]
    [InlineData("binary", WebSocketCloseStatus.InvalidMessageType)]
    [InlineData("utf8", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("large", WebSocketCloseStatus.MessageTooBig)]
    public async Task Messages_out_of_protocol_end_the_connection_with_a_status(string kind, WebSocketCloseStatus status)
    {
        using var client = await AcpClient.ConnectAsync(silo.Address);
        await (kind switch
        {
            "binary" => client.SendBytesAsync([1, 2], WebSocketMessageType.Binary),
            "utf8" => client.SendBytesAsync([0xC3, 0x28], WebSocketMessageType.Text),
            _ => client.SendBytesAsync(Encoding.UTF8.GetBytes(new string(' ', 1_100_000)), WebSocketMessageType.Text),
        });
        try
        {
            Assert.Null(await client.ReceiveTextAsync());
            Assert.Equal(status, client.Socket.CloseStatus);
        }
        catch (WebSocketException) when (kind == "utf8")
        {
            // Text that is no UTF-8 breaks the connection.
        }

        using var other = await AcpClient.ConnectAsync(silo.Address);
        Assert.NotEmpty((await other.CallAsync("process/list")).GetProperty("processes").EnumerateArray());
    }

    [Fact]
    public async Task Other_than_by_a_WebSocket_of_this_protocol_and_this_server_it_is_not_reached()
    {
        using var http = new HttpClient { BaseAddress = silo.Address };
        using var plain = await http.GetAsync("acp");
        Assert.Equal(HttpStatusCode.UpgradeRequired, plain.StatusCode);
        using var unknown = new ClientWebSocket();
        unknown.Options.AddSubProtocol("soap");
        var address = new UriBuilder(silo.Address) { Scheme = "ws", Path = "acp" }.Uri;
        Assert.Contains("400", (await Assert.ThrowsAsync<WebSocketException>(() => unknown.ConnectAsync(address, CancellationToken.None))).Message, StringComparison.Ordinal);

        // A page of another server, in a browser of this machine.
        using var page = new ClientWebSocket();
        page.Options.SetRequestHeader("Origin", "http://evil.example");
        Assert.Contains("401", (await Assert.ThrowsAsync<WebSocketException>(() => page.ConnectAsync(address, CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    private static long Pid(JsonElement result) => result.GetProperty("process").GetProperty("pid").GetInt64();

    private static string State(JsonElement result) => result.GetProperty("process").GetProperty("state").GetString()!;
}
