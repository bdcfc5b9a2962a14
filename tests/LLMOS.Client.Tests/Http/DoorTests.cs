#pragma warning disable xUnit1051 // The clients have time limits of their own.
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LLMOS.Client.Tests.OpenAi;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.Client.Tests.Http;

/// <summary>What holds at every protocol's door: keys, what is one's own, and clients that go away.</summary>
public sealed class DoorTests(KeyedHttpSilo silo) : IClassFixture<KeyedHttpSilo>
{
    [Theory]
    [InlineData("GET", "api/tags")]
    [InlineData("POST", "api/chat")]
    [InlineData("POST", "mcp")]
    [InlineData("GET", "acp")]
    [InlineData("POST", "v1/completions")]
    [InlineData("POST", "v1/responses")]
    [InlineData("GET", "v1/responses/resp_1")]
    public async Task Without_a_key_a_door_is_closed_in_its_protocols_words(string method, string path)
    {
        using var http = new HttpClient { BaseAddress = silo.Address };
        using var response = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (response.StatusCode, response.Headers.WwwAuthenticate.Single().Scheme));
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        var message = path.StartsWith("api", StringComparison.Ordinal) ? error.GetString() : error.GetProperty("message").GetString();
        Assert.Contains("llmos keys create", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_is_found_by_its_own_principal_alone()
    {
        using var kim = await ClientAsync("kim");
        using var lee = await ClientAsync("lee");
        using var given = await kim.PostAsync("v1/responses", Body("""{"model":"tools","input":"Hello.","max_output_tokens":2}"""));
        var id = (await given.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        using var own = await kim.GetAsync($"v1/responses/{id}");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        using var read = await lee.GetAsync($"v1/responses/{id}");
        using var deleted = await lee.DeleteAsync($"v1/responses/{id}");
        using var gone = await lee.PostAsync("v1/responses", Body($$"""{"model":"tools","input":"x","previous_response_id":"{{id}}"}"""));
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound], [read.StatusCode, deleted.StatusCode, gone.StatusCode]);
        using var still = await kim.GetAsync($"v1/responses/{id}");
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task Another_principals_process_takes_no_turns_of_a_user()
    {
        var process = await silo.Client.SpawnAsync(new ProcessSpec { Name = "private", Model = "tools" });
        using var http = await ClientAsync("mia");
        http.DefaultRequestHeaders.Add("X-LLMOS-Process", "private");
        using var refused = await http.PostAsync("v1/chat/completions", Body("""{"model":"tools","messages":[{"role":"user","content":"Tell."}],"max_tokens":2}"""));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(0, (await silo.Client.GetProcessAsync(process.Pid)).Turns);
    }

    [Theory]
    [InlineData("v1/responses", """{"model":"tools","input":"Speak for ever.","max_output_tokens":3000,"stream":true}""")]
    [InlineData("v1/completions", """{"model":"tools","prompt":"For ever","max_tokens":3000,"stream":true}""")]
    [InlineData("v1/responses", """{"model":"tools","input":"Speak for ever.","max_output_tokens":3000}""")]
    [InlineData("api/generate", """{"model":"tools","prompt":"For ever","options":{"num_predict":3000}}""")]
    public async Task A_client_that_goes_away_ends_what_answers_it(string path, string body)
    {
        using var http = await ClientAsync("nina");
        using var stop = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Body(body) };
        var answering = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await LivingAsync()).Any(process => process.State == ProcessState.Thinking))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await stop.CancelAsync();
        using (await answering.ContinueWith(done => done.IsCompletedSuccessfully ? done.Result : null, TaskScheduler.Default))
        {
        }

        while ((await LivingAsync()).Any())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    private async Task<IEnumerable<ProcessControlBlock>> LivingAsync() =>
        (await silo.Client.ListProcessesAsync(new ProcessFilter { LiveOnly = true })).Where(process => process.Owner == "nina");

    private async Task<HttpClient> ClientAsync(string principal)
    {
        var issued = await silo.Client.Keys.CreateAsync(new ApiKey { Id = "", Principal = principal, Role = CallerRole.User });
        var http = new HttpClient { BaseAddress = silo.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issued.Secret);
        return http;
    }
}
