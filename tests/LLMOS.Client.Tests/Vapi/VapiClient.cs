using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace LLMOS.Client.Tests.Vapi;

/// <summary>Asks VAPI as any program would.</summary>
internal sealed class VapiClient(Uri silo, string? secret = null) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(silo, "vapi/v1/"), Timeout = TimeSpan.FromSeconds(30) };

    public string? Secret => secret;

    public async Task<VapiAnswer> AskAsync(HttpMethod method, string path, object? body = null, string? idempotencyKey = null, IReadOnlyDictionary<string, string>? headers = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body switch
            {
                null => null,
                string text => new StringContent(text, new MediaTypeHeaderValue("application/json", "utf-8")),
                _ => JsonContent.Create(body),
            },
        };
        if (secret is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        return new VapiAnswer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Content.Headers.ContentType?.MediaType ?? "",
            response.Headers.Location?.ToString() ?? "",
            response.Headers.Contains("Idempotent-Replayed"));
    }

    public async Task<JsonElement> GetAsync(string path) => Good(await AskAsync(HttpMethod.Get, path));

    public async Task<JsonElement> PostAsync(string path, object? body = null) => Good(await AskAsync(HttpMethod.Post, path, body));

    public async Task<JsonElement> PutAsync(string path, object? body = null) => Good(await AskAsync(HttpMethod.Put, path, body));

    /// <summary>The events of a stream, until whoever reads them has enough.</summary>
    public async IAsyncEnumerable<(string Id, string Kind, JsonElement Data)> EventsAsync(string path, string? lastEventId = null, TaskCompletionSource? begun = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        if (secret is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        begun?.TrySetResult();
        var (id, kind) = ("", "");
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                kind = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                yield return (id, kind, JsonElement.Parse(line[6..]));
                (id, kind) = ("", "");
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static JsonElement Good(VapiAnswer answer)
    {
        Assert.True(answer.Status is >= 200 and < 300, $"{answer.Status}: {answer.Body}");
        return answer.Body.Length == 0 ? default : answer.Json;
    }
}
