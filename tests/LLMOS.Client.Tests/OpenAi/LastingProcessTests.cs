#pragma warning disable xUnit1051 // The clients have time limits of their own.
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LLMOS.Kernel.Processes;

namespace LLMOS.Client.Tests.OpenAi;

/// <summary>Requests that are turns of a process that lasts, named by a header or by the field <c>user</c>, and the headers beside that.</summary>
public sealed class LastingProcessTests(HttpSilo silo) : IClassFixture<HttpSilo>, IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = silo.Address };

    [Fact]
    public async Task A_request_is_a_turn_of_the_process_that_it_names_and_the_process_lives_on()
    {
        var process = await silo.Client.SpawnAsync(new ProcessSpec { Name = "lasting", Role = "You talk.", Model = "tools" });
        var first = await AskAsync("One.", header: "lasting");
        var second = await AskAsync("Two.", user: $"process:{process.Pid}");
        Assert.True(second > first, $"{second} tokens after {first}");
        var after = await silo.Client.GetProcessAsync(process.Pid);
        Assert.Equal((2, false), (after.Turns, after.State == ProcessState.Terminated));
    }

    [Theory]
    [InlineData("X-LLMOS-Process", "nobody", HttpStatusCode.NotFound)]
    [InlineData("X-LLMOS-Process", "5", HttpStatusCode.BadRequest)]
    [InlineData("X-LLMOS-Budget", "lots", HttpStatusCode.BadRequest)]
    [InlineData("X-LLMOS-Priority", "-1", HttpStatusCode.BadRequest)]
    public async Task A_header_that_is_wrong_is_told_in_a_sentence(string header, string value, HttpStatusCode status)
    {
        using var response = await SendAsync("Hello.", header: null, user: null, (header, value));
        Assert.Equal(status, response.StatusCode);
        Assert.EndsWith(".", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_bounds_what_the_process_of_a_request_may_spend()
    {
        using var response = await SendAsync("Speak for ever.", header: null, user: null, ("X-LLMOS-Budget", "20"), tokens: 500);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        if (response.StatusCode == HttpStatusCode.OK)
        {
            Assert.InRange(answer.GetProperty("usage").GetProperty("total_tokens").GetInt32(), 1, 20);
        }
        else
        {
            Assert.Contains("token", answer.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<int> AskAsync(string text, string? header = null, string? user = null)
    {
        using var response = await SendAsync(text, header, user, null);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer.ToString());
        return answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
    }

    private async Task<HttpResponseMessage> SendAsync(string text, string? header, string? user, (string Name, string Value)? other, int tokens = 3)
    {
        var body = JsonSerializer.Serialize(new { model = "tools", messages = new[] { new { role = "user", content = text } }, max_tokens = tokens, user });
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (header is not null)
        {
            request.Headers.Add("X-LLMOS-Process", header);
        }

        if (other is var (name, value))
        {
            request.Headers.Add(name, value);
        }

        return await _http.SendAsync(request);
    }
}
