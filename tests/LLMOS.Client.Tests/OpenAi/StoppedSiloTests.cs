#pragma warning disable xUnit1051 // The limit is the test's own.
using System.Text;
using System.Text.Json;

namespace LLMOS.Client.Tests.OpenAi;

/// <summary>A silo that is told to stop in the middle of an answer.</summary>
public sealed class StoppedSiloTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Its_reader_is_told_so_in_the_stream_and_the_stop_does_not_wait_for_the_answer()
    {
        var silo = new HttpSilo();
        await silo.InitializeAsync();
        using var http = new HttpClient { BaseAddress = silo.Address, Timeout = Limit };
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Content = new StringContent("""{"model":"tools","stream":true,"max_tokens":1900,"n":4,"messages":[{"role":"user","content":"Speak for ever."}]}""", Encoding.UTF8, "application/json"),
        };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.StartsWith("data: {", await lines.ReadLineAsync(), StringComparison.Ordinal);

        var stopping = silo.DisposeAsync().AsTask();
        var last = "";
        while (await lines.ReadLineAsync() is { } line)
            last = line.Length > 0 ? line : last;
        var error = JsonElement.Parse(last["data: ".Length..]).GetProperty("error");
        Assert.Equal("unavailable", error.GetProperty("code").GetString());
        Assert.EndsWith("is lost with its silo, and so is the rest of its answer: ask again.", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        await stopping.WaitAsync(Limit);
    }
}
