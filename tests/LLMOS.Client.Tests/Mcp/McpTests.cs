#pragma warning disable xUnit1051 // The clients have time limits of their own.
using System.Net.Http.Headers;
using System.Text;
using LLMOS.Client.Tests.OpenAi;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Syscalls;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LLMOS.Client.Tests.Mcp;

/// <summary>The C# SDK of MCP as a client of a running silo: syscalls as tools, files as resources, and who asks by the key alone.</summary>
public sealed class McpTests(KeyedHttpSilo silo) : IClassFixture<KeyedHttpSilo>
{
    [Fact]
    public async Task Each_syscall_is_a_tool_with_a_schema_and_no_argument_says_who_calls()
    {
        await using var client = await ConnectAsync("root", CallerRole.Admin);
        Assert.Equal("llmos", client.ServerInfo!.Name);
        var tools = await client.ListToolsAsync();
        Assert.Equal(SyscallCatalog.All.Select(call => call.Name).Order(), tools.Select(tool => tool.Name).Order());
        var send = tools.Single(tool => tool.Name == "send").JsonSchema;
        Assert.Equal(["pid", "text"], send.GetProperty("required").EnumerateArray().Select(name => name.GetString()!));
        Assert.False(send.GetProperty("additionalProperties").GetBoolean());
        Assert.All(tools, tool => Assert.DoesNotContain(tool.JsonSchema.GetProperty("properties").EnumerateObject(), property => property.Name is "as" or "asPid" or "principal"));
        Assert.Equal(
            ["free", "kill", "merge", "move", "remove", "rollback", "setrlimit", "write"],
            tools.Where(tool => tool.ProtocolTool.Annotations!.DestructiveHint == true).Select(tool => tool.Name).Order());
    }

    [Fact]
    public async Task A_tool_acts_as_the_principal_of_the_key_and_an_error_is_for_the_model_to_read()
    {
        await using var client = await ConnectAsync("erin", CallerRole.User);
        var spawned = await client.CallToolAsync("spawn", Args(("name", "helper"), ("role", "You help."), ("priority", 12)));
        Assert.True(spawned.IsError is not true, Text(spawned));
        var pid = spawned.StructuredContent!.Value.GetProperty("process").GetProperty("pid").GetInt64();
        Assert.Equal("erin", (await silo.Client.GetProcessAsync(pid)).Owner);

        var others = await silo.Client.SpawnAsync(new ProcessSpec { Name = "another" });
        var refused = await client.CallToolAsync("kill", Args(("pid", others.Pid)));
        Assert.True(refused.IsError);
        Assert.StartsWith("kill", Text(refused), StringComparison.Ordinal);
        var wrong = await client.CallToolAsync("kill", Args(("pid", pid), ("as", 1)));
        Assert.Contains("There is no such argument", Text(wrong), StringComparison.Ordinal);
        var odd = await client.CallToolAsync("kill", Args(("pid", new { a = 1 })));
        Assert.True(odd.IsError);
        Assert.NotEqual(true, (await client.CallToolAsync("kill", Args(("pid", "helper")))).IsError);
        Assert.Equal(ProcessState.Terminated, (await silo.Client.GetProcessAsync(pid)).State);
        await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("reboot"));
    }

    [Fact]
    public async Task A_key_for_a_process_calls_in_its_place_with_no_more_than_it_has_and_opens_nothing_else()
    {
        var process = await silo.Client.SpawnAsync(new ProcessSpec { Name = "bound", Permissions = Permissions.ReadContext });
        var issued = await silo.Client.Keys.CreateAsync(new ApiKey { Id = "", Principal = "root", Role = CallerRole.Admin, Pid = process.Pid });
        await using var client = await ConnectAsync(issued.Secret);
        var refused = await client.CallToolAsync("spawn", Args(("name", "child")));
        Assert.True(refused.IsError);
        Assert.Contains("SPAWN_AGENT", Text(refused), StringComparison.Ordinal);
        Assert.NotEqual(true, (await client.CallToolAsync("ls", Args(("path", "/")))).IsError);

        using var http = new HttpClient { BaseAddress = silo.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issued.Secret);
        using var models = await http.GetAsync("v1/models");
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, models.StatusCode);
    }

    [Fact]
    public async Task Files_are_resources_page_by_page_and_by_version()
    {
        await silo.Client.Files.MakeDirectoryAsync("/mcp/deep");
        for (var i = 0; i < 105; i++)
        {
            await silo.Client.Files.WriteAsync($"/mcp/{(i % 2 == 0 ? "deep/" : "")}f{i:000}.md", $"one {i}");
        }

        await silo.Client.Files.WriteAsync("/mcp/f001.md", "two");
        await using var client = await ConnectAsync("finn", CallerRole.User);
        var listed = (await client.ListResourcesAsync()).Select(resource => resource.Uri).Where(uri => uri.StartsWith("vectorfs:///mcp/", StringComparison.Ordinal)).ToList();
        Assert.Equal(105, listed.Distinct().Count());
        Assert.Equal(105, listed.Count);
        Assert.Equal(2, (await client.ListResourceTemplatesAsync()).Count);
        Assert.Equal("two", await ReadAsync(client, "vectorfs:///mcp/f001.md"));
        Assert.Equal("one 1", await ReadAsync(client, "vectorfs:///mcp/f001.md?version=1"));
        Assert.Contains("vectorfs:///mcp/deep", await ReadAsync(client, "vectorfs:///mcp"), StringComparison.Ordinal);
        foreach (var uri in (string[])["vectorfs:///nothing", "file:///etc/passwd", "vectorfs:///mcp/../../x", "vectorfs:///mcp/f001.md?version=x", "what"])
        {
            await Assert.ThrowsAsync<McpProtocolException>(() => ReadAsync(client, uri));
        }

        await using var guest = await ConnectAsync("gus", CallerRole.Guest);
        await Assert.ThrowsAsync<McpProtocolException>(() => ReadAsync(guest, "vectorfs:///mcp/f001.md"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"tools/list"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"no/such"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":7}""")]
    public async Task What_is_no_call_leaves_the_server_unharmed(string body)
    {
        var issued = await KeyAsync("hank", CallerRole.User);
        using var http = new HttpClient { BaseAddress = silo.Address };
        using var none = await http.PostAsync("mcp", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, none.StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issued);
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        http.DefaultRequestHeaders.Accept.ParseAdd("text/event-stream");
        using var response = await http.PostAsync("mcp", new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode is >= 400 and < 500 || text.Contains("\"error\"", StringComparison.Ordinal), $"{response.StatusCode} {text}");
        await using var client = await ConnectAsync(issued);
        Assert.NotEmpty(await client.ListToolsAsync());
    }

    private static async Task<string> ReadAsync(McpClient client, string uri) =>
        Assert.IsType<TextResourceContents>(Assert.Single((await client.ReadResourceAsync(uri)).Contents)).Text;

    private static string Text(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    private static Dictionary<string, object?> Args(params (string Name, object? Value)[] args) => args.ToDictionary(arg => arg.Name, arg => arg.Value);

    private async Task<string> KeyAsync(string principal, CallerRole role) =>
        (await silo.Client.Keys.CreateAsync(new ApiKey { Id = "", Principal = principal, Role = role })).Secret;

    private async Task<McpClient> ConnectAsync(string principal, CallerRole role) => await ConnectAsync(await KeyAsync(principal, role));

    private Task<McpClient> ConnectAsync(string secret) => McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
    {
        Endpoint = new Uri(silo.Address, "mcp"),
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {secret}" },
    }));
}
