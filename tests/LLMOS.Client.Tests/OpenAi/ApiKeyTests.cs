#pragma warning disable xUnit1051 // The clients have time limits of their own.
using System.ClientModel;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using OpenAI;
using OpenAI.Chat;

namespace LLMOS.Client.Tests.OpenAi;

/// <summary>Keys over HTTP: missing, wrong, revoked, over their rate, and what those that are good may do.</summary>
public sealed class ApiKeyTests(KeyedHttpSilo silo) : IClassFixture<KeyedHttpSilo>, IDisposable
{
    private const string Hello = """{"model":"tools","messages":[{"role":"user","content":"Hello."}],"max_tokens":3}""";

    private readonly HttpClient _http = new() { BaseAddress = silo.Address };

    [Theory]
    [InlineData(null, "missing_api_key")]
    [InlineData("Bearer ", "missing_api_key")]
    [InlineData("Bearer sk-of-another-server", "invalid_api_key")]
    [InlineData("Bearer llmos-00000000-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "invalid_api_key")]
    [InlineData("Basic !!!", "missing_api_key")]
    public async Task Without_a_good_key_nothing_is_answered_but_the_way_to_one(string? header, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/models");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        using var response = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        var error = await ErrorOf(response);
        Assert.Equal(("authentication_error", code), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.Contains("llmos keys create", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_users_key_makes_processes_of_that_user_in_its_account_with_the_official_client()
    {
        var issued = await CreateAsync("alice", CallerRole.User, account: "alice/web", priority: 12);
        var chat = new OpenAIClient(new ApiKeyCredential(issued.Secret), new OpenAIClientOptions { Endpoint = new Uri(silo.Address, "v1") }).GetChatClient("tools");
        var before = (await silo.Client.ListProcessesAsync(new ProcessFilter())).Max(process => process.Pid);
        var first = await chat.CompleteChatAsync([new SystemChatMessage("You talk."), new UserChatMessage("Hello.")], new ChatCompletionOptions { MaxOutputTokenCount = 4 });
        var second = await chat.CompleteChatAsync(
            [new UserChatMessage("Hello."), new AssistantChatMessage("Good day."), new UserChatMessage("How are you?")], new ChatCompletionOptions { MaxOutputTokenCount = 4 });
        Assert.Equal((4, 4), (first.Value.Usage.OutputTokenCount, second.Value.Usage.OutputTokenCount));
        var processes = (await silo.Client.ListProcessesAsync(new ProcessFilter())).Where(process => process.Pid > before && process.Owner == "alice").ToList();
        Assert.Equal(2, processes.Count);
        Assert.All(processes, process => Assert.Equal(("alice/web", 12), (process.Account, process.Priority.Value)));
        Assert.Contains(await silo.Client.QueryAuditAsync(new AuditQuery { Syscall = "spawn" }), record => record.Entry.Principal == "alice");

        using var embeddings = await SendAsync(issued.Secret, HttpMethod.Post, "v1/embeddings", """{"model":"tools","input":"text"}""");
        Assert.Equal(HttpStatusCode.OK, embeddings.StatusCode);
        using var dashboard = await SendAsync(issued.Secret, HttpMethod.Get, "dashboard");
        Assert.Equal(HttpStatusCode.Forbidden, dashboard.StatusCode);
    }

    [Fact]
    public async Task A_guests_key_lists_models_and_makes_nothing()
    {
        var issued = await CreateAsync("visitor", CallerRole.Guest);
        using var models = await SendAsync(issued.Secret, HttpMethod.Get, "v1/models");
        Assert.Equal(HttpStatusCode.OK, models.StatusCode);
        using var chat = await SendAsync(issued.Secret, HttpMethod.Post, "v1/chat/completions", Hello);
        Assert.Equal(HttpStatusCode.Forbidden, chat.StatusCode);
        Assert.Equal("permission_error", (await ErrorOf(chat)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_revoked_key_is_refused_from_the_next_request_on()
    {
        var issued = await CreateAsync("bob", CallerRole.User);
        using var good = await SendAsync(issued.Secret, HttpMethod.Get, "v1/models");
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        await silo.Client.Keys.RevokeAsync(issued.Key.Id);
        var again = await silo.Client.Keys.RevokeAsync(issued.Key.Id);
        using var refused = await SendAsync(issued.Secret, HttpMethod.Get, "v1/models");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("revoked_api_key", (await ErrorOf(refused)).GetProperty("code").GetString());
        Assert.Equal(again, (await silo.Client.Keys.ListAsync()).Single(key => key.Id == issued.Key.Id));
        Assert.Equal(LlmosErrorCode.NotFound, (await Assert.ThrowsAsync<LlmosException>(() => silo.Client.Keys.RevokeAsync("nothing"))).Code);
    }

    [Fact]
    public async Task A_key_over_its_rate_is_told_when_to_come_back_and_others_are_not()
    {
        var (bounded, free) = (await CreateAsync("carol", CallerRole.User, rate: 2), await CreateAsync("carol", CallerRole.User));
        for (var i = 0; i < 2; i++)
        {
            using var good = await SendAsync(bounded.Secret, HttpMethod.Get, "v1/models");
            Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        }

        using var refused = await SendAsync(bounded.Secret, HttpMethod.Get, "v1/models");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        using var other = await SendAsync(free.Secret, HttpMethod.Get, "v1/models");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_request_is_no_more_urgent_than_its_key()
    {
        var issued = await CreateAsync("dora", CallerRole.User, priority: 9);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = new StringContent(Hello, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", issued.Secret);
        request.Headers.Add("X-LLMOS-Priority", "3");
        using var response = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("may ask at priority 9 and below, and this is 3", (await ErrorOf(response)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_takes_an_administrators_key_as_a_password_and_health_takes_none()
    {
        var issued = await CreateAsync("root", CallerRole.Admin);
        using var asked = await _http.GetAsync("dashboard");
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (asked.StatusCode, asked.Headers.WwwAuthenticate.Single().Scheme));
        using var request = new HttpRequestMessage(HttpMethod.Get, "dashboard/");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"any:{issued.Secret}")));
        using var shown = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        using var health = await _http.GetAsync("health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Theory]
    [InlineData(CallerRole.User, HttpStatusCode.Forbidden)]
    [InlineData(CallerRole.Operator, HttpStatusCode.OK)]
    [InlineData(CallerRole.Admin, HttpStatusCode.OK)]
    public async Task Metrics_are_for_operators(CallerRole role, HttpStatusCode expected)
    {
        using var without = await _http.GetAsync("metrics");
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        var issued = await CreateAsync("prometheus", role);
        using var response = await SendAsync(issued.Secret, HttpMethod.Get, "metrics");
        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.Forbidden)
        {
            Assert.Contains("is of the role user, and /metrics shows what all do", (await ErrorOf(response)).GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", CallerRole.User, null, "no name of a principal")]
    [InlineData("a b", CallerRole.User, null, "no name of a principal")]
    [InlineData("kernel", CallerRole.User, null, "no name of a principal")]
    [InlineData("alice", CallerRole.System, null, "cannot be given")]
    [InlineData("alice", CallerRole.User, 0, "lets nothing through")]
    public async Task A_key_that_makes_no_sense_is_refused(string principal, CallerRole role, int? rate, string why)
    {
        var refusal = await Assert.ThrowsAsync<LlmosException>(() => CreateAsync(principal, role, rate));
        Assert.Equal(LlmosErrorCode.InvalidArgument, refusal.Code);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _http.Dispose();

    private Task<IssuedApiKey> CreateAsync(string principal, CallerRole role, int? rate = null, string account = "", int priority = 10) => silo.Client.Keys.CreateAsync(new ApiKey
    {
        Id = "",
        Principal = principal,
        Role = role,
        RequestsPerMinute = rate,
        Account = account,
        Priority = new ProcessPriority(priority),
    });

    private Task<HttpResponseMessage> SendAsync(string secret, HttpMethod method, string path, string? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return _http.SendAsync(request);
    }

    private static async Task<JsonElement> ErrorOf(HttpResponseMessage response) => JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error");
}
