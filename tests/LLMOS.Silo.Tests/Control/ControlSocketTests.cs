using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Client.Control;
using LLMOS.Silo.Control;
using Microsoft.Extensions.Logging.Abstractions;

namespace LLMOS.Silo.Tests.Control;

/// <summary>The control socket, in front of a system that answers with what it was asked.</summary>
public sealed class ControlSocketTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TempFolder _data = new();
    private readonly ControlSocket _socket;

    public ControlSocketTests() => _socket = ControlSocket.Listen(_data.Path, EchoAsync, NullLogger.Instance)!;

    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Clients_that_come_at_once_are_each_answered()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async id =>
        {
            using var client = Connect(_data);
            await SendAsync(client, Call(id));
            return (await ReadLineAsync(client)).RootElement.GetProperty("id").GetInt32();
        }));

        Assert.Equal(Enumerable.Range(0, 200), answers);
    }

    [Fact]
    public async Task Calls_of_a_connection_are_answered_in_their_order_however_they_are_cut()
    {
        using var client = Connect(_data);
        var calls = Encoding.UTF8.GetBytes(Call(1) + Call(2) + Call(3));
        foreach (var piece in calls.Chunk(7))
        {
            await client.SendAsync(piece);
        }

        var lines = Encoding.UTF8.GetString(await ReadAsync(client, bytes => bytes.Count(value => value == '\n') == 3)).TrimEnd('\n').Split('\n');
        Assert.Equal([1, 2, 3], lines.Select(line => JsonNode.Parse(line)!["id"]!.GetValue<int>()));
        Assert.Equal("view/echo", JsonNode.Parse(lines[0])!["result"]!["method"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("\u0000\u0001\u00ff\u00fe\n", -32700)]
    [InlineData("\n", -32700)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\u00ff\"}\n", -32700)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\\ud800\"}\n", -32600)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"view/echo\"}\n", -32600)]
    [InlineData("{\"id\":1,\"method\":\"view/echo\"}\n", -32600)]
    [InlineData("[]\n", -32600)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"view/echo\",\"params\":[1]}\n", -32602)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"view/failed\"}\n", -32603)]
    public async Task What_is_no_call_is_told_so_and_the_next_line_is_answered(string line, int code)
    {
        using var client = Connect(_data);
        await client.SendAsync(Encoding.Latin1.GetBytes(line));
        var error = (await ReadLineAsync(client)).RootElement.GetProperty("error");
        await SendAsync(client, Call(7));

        Assert.Equal(code, error.GetProperty("code").GetInt32());
        Assert.EndsWith(".", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(7, (await ReadLineAsync(client)).RootElement.GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task A_line_that_is_too_long_ends_its_connection_with_a_sentence()
    {
        using var client = Connect(_data);
        await client.SendAsync(new byte[ControlSocketFile.MaxRequest].AsMemory());
        var error = (await ReadLineAsync(client)).RootElement.GetProperty("error");
        using var other = Connect(_data);
        await SendAsync(other, Call(1));

        Assert.Contains("65536 bytes", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await client.ReceiveAsync(new byte[1]).WaitAsync(Limit));
        Assert.Equal(1, (await ReadLineAsync(other)).RootElement.GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task A_client_that_sends_no_whole_line_is_sent_away()
    {
        using var data = new TempFolder();
        await using var socket = ControlSocket.Listen(data.Path, EchoAsync, NullLogger.Instance, TimeSpan.FromMilliseconds(50));
        using var silent = Connect(data);
        using var halting = Connect(data);
        await halting.SendAsync("{\"jsonrpc\""u8.ToArray());

        Assert.Equal(0, await silent.ReceiveAsync(new byte[1]).WaitAsync(Limit));
        Assert.Equal(0, await halting.ReceiveAsync(new byte[1]).WaitAsync(Limit));
    }

    [Fact]
    public async Task It_takes_the_place_of_a_stale_one_is_its_owners_alone_and_goes_with_the_silo()
    {
        using var data = new TempFolder();
        var path = data.File(ControlSocketFile.Name);
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Closing it deletes the file that it was bound to, and leaves the one that it has become.
            killed.Bind(new UnixDomainSocketEndPoint(data.File("killed")));
            File.Move(data.File("killed"), path);
        }

        Assert.Throws<SocketException>(() => Connect(data));
        var socket = ControlSocket.Listen(data.Path, EchoAsync, NullLogger.Instance)!;
        using var client = Connect(data);
        using var idle = Connect(data);
        await SendAsync(client, Call(1));
        Assert.Equal(1, (await ReadLineAsync(client)).RootElement.GetProperty("id").GetInt32());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        await socket.DisposeAsync();
        Assert.False(File.Exists(path));
        Assert.Equal(0, await idle.ReceiveAsync(new byte[1]).WaitAsync(Limit));
    }

    [Fact]
    public void A_folder_whose_path_is_too_long_or_whose_socket_cannot_be_made_has_none()
    {
        var deep = Directory.CreateDirectory(Path.Combine(_data.Path, new string('d', 100)));
        var taken = Directory.CreateDirectory(Path.Combine(_data.Path, "taken", ControlSocketFile.Name)).Parent!;

        Assert.Null(ControlSocketFile.PathIn(deep.FullName));
        Assert.Null(ControlSocket.Listen(deep.FullName, EchoAsync, NullLogger.Instance));
        Assert.Null(ControlSocket.Listen(taken.FullName, EchoAsync, NullLogger.Instance));
        Assert.Null(ControlClient.ListProcesses(taken.FullName, liveOnly: false, 1, CancellationToken.None));
    }

    [Theory]
    [InlineData("""{"processes":[],"failures":{},"news":1}""", true)]
    [InlineData("""{"processes":[]}""", false)]
    [InlineData("""{"processes":[{"pid":1}],"failures":{}}""", false)]
    [InlineData("""{"processes":null,"failures":{}}""", false)]
    [InlineData(null, false)]
    public async Task A_client_takes_no_answer_but_one_that_it_understands_all_of(string? result, bool isUnderstood)
    {
        using var data = new TempFolder();
        await using var socket = ControlSocket.Listen(
            data.Path, (_, _, _) => result is null ? throw LlmosException.Denied("It may not.") : Task.FromResult(JsonNode.Parse(result)!.AsObject()), NullLogger.Instance);

        Assert.Equal(isUnderstood, await Task.Run(() => ControlClient.ListProcesses(data.Path, liveOnly: false, 1, CancellationToken.None)) is not null);
    }

    [Fact]
    public async Task A_client_that_is_told_to_stop_stops_waiting()
    {
        using var data = new TempFolder();
        using var stop = new CancellationTokenSource();
        await using var socket = ControlSocket.Listen(
            data.Path,
            async (_, _, cancellationToken) =>
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return [];
            },
            NullLogger.Instance);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => ControlClient.ListProcesses(data.Path, liveOnly: false, 1, stop.Token)).WaitAsync(Limit));
    }

    private static Task<JsonObject> EchoAsync(string method, JsonElement parameters, CancellationToken cancellationToken) =>
        method == "view/failed" ? throw new InvalidOperationException("It fails.") : Task.FromResult(new JsonObject { ["method"] = method });

    private static string Call(int id) => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"view/echo"}""" + "\n";

    private static Socket Connect(TempFolder data)
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(data.File(ControlSocketFile.Name)));
        return client;
    }

    private static Task<int> SendAsync(Socket client, string text) => client.SendAsync(Encoding.UTF8.GetBytes(text));

    private static async Task<JsonDocument> ReadLineAsync(Socket client) => JsonDocument.Parse(await ReadAsync(client, bytes => bytes[^1] == '\n'));

    private static async Task<byte[]> ReadAsync(Socket client, Func<byte[], bool> isAll)
    {
        var all = Array.Empty<byte>();
        var buffer = new byte[4096];
        while (all.Length == 0 || !isAll(all))
        {
            var read = await client.ReceiveAsync(buffer).WaitAsync(Limit);
            Assert.NotEqual(0, read);
            all = [.. all, .. buffer.AsSpan(0, read)];
        }

        return all;
    }
}
