#pragma warning disable xUnit1051 // The clients have time limits of their own.
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LLMOS.Client.Tests.OpenAi;

/// <summary>What goes over the wire: framing, errors and bad input.</summary>
public sealed partial class OpenAiWireTests(HttpSilo silo) : IClassFixture<HttpSilo>, IDisposable
{
    private const string Hello = """[{"role":"user","content":"Hello."}]""";

    private readonly HttpClient _http = new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = silo.Address };

    [Fact]
    public async Task A_stream_begins_with_the_role_ends_once_and_says_that_it_is_done()
    {
        using var response = await _http.PostAsync("v1/chat/completions", Body($$"""{"model":"tools","messages":{{Hello}},"stream":true,"n":2,"max_tokens":5,"seed":1,"stream_options":{"include_usage":true} }"""));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var lines = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", lines[^1]);
        var pieces = lines[..^1].Select(line => JsonElement.Parse(line["data: ".Length..])).ToList();
        Assert.Single(pieces.Select(piece => piece.GetProperty("id").GetString()).Distinct());
        Assert.All(pieces, piece => Assert.Equal("chat.completion.chunk", piece.GetProperty("object").GetString()));
        Assert.Empty(pieces[^1].GetProperty("choices").EnumerateArray());
        Assert.Equal(10, pieces[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.All(pieces[..^1], piece => Assert.Equal(JsonValueKind.Null, piece.GetProperty("usage").ValueKind));
        for (var index = 0; index < 2; index++)
        {
            var own = pieces[..^1].Select(piece => piece.GetProperty("choices")[0]).Where(choice => choice.GetProperty("index").GetInt32() == index).ToList();
            Assert.Equal("assistant", own[0].GetProperty("delta").GetProperty("role").GetString());
            Assert.All(own[..^1], choice => Assert.Equal(JsonValueKind.Null, choice.GetProperty("finish_reason").ValueKind));
            Assert.Equal("length", own[^1].GetProperty("finish_reason").GetString());
            Assert.Equal("{}", own[^1].GetProperty("delta").GetRawText());
        }
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    public async Task What_a_proxy_passes_on_from_elsewhere_needs_a_key_though_the_proxy_is_here(string header, string value)
    {
        using var own = await _http.GetAsync("v1/models");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/models");
        request.Headers.Add(header, value);
        using var passed = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, passed.StatusCode);
    }

    [Theory]
    [InlineData("{", null, "The body is no JSON")]
    [InlineData("[]", "", "no JSON object")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", null, "nested deeper than 64")]
    [InlineData("""{"messages":[]}""", "model", "'model' is missing.")]
    [InlineData("""{"model":"tools"}""", "messages", "'messages' is missing.")]
    [InlineData("""{"model":"tools","messages":[]}""", "messages", "nothing to answer")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}""", "messages", "nothing to answer")]
    [InlineData("""{"model":"tools","messages":[{"role":"king","content":"x"}]}""", "messages[0].role", "'king'")]
    [InlineData("""{"model":"tools","messages":[{"role":"user"}]}""", "messages[0].content", "missing")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}""", "messages[0].content[0].type", "messages are text")]
    [InlineData("""{"model":"tools","messages":"HELLO","temperature":"warm"}""", "messages", "'messages' is 'HELLO': it must be a list.")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":"x"}],"temperature":3}""", "temperature", "'temperature' is 3: it must be a number from 0 to 2.")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", "max_tokens", "whole number from 1")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":"x"}],"n":1000}""", "n", "from 1 to 16")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":"x"}],"stop":["a","b","c","d","e"]}""", "stop", "list of up to 4")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":"x"}],"flavour":"sweet"}""", "flavour", "'flavour' is not supported here")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":"x"}],"top_logprobs":2}""", "top_logprobs", "without 'logprobs'")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":"x"}],"tool_choice":"required"}""", "tool_choice", "there are no 'tools'")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":"x"}],"tools":[{"type":"retrieval"}]}""", "tools[0].type", "tools are functions")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":"x"}],"response_format":{"type":"xml"}}""", "response_format.type", "json_schema")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":"x"}],"stop":""}""", null, "stop")]
    [InlineData("""{"model":"tools","messages":[{"role":"user","content":"x"}],"grammar":"root ::= [^\\x00-\\U0010FFFF]"}""", null, "After 0 tokens no token of the model")]
    public async Task Bad_input_is_a_400_with_the_field_and_a_sentence(string body, string? field, string says)
    {
        using var response = await _http.PostAsync("v1/chat/completions", Body(body));
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{response.StatusCode} {error}");
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Contains(says, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        if (field is not null)
            Assert.Equal(field, error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_is_told_both_lengths()
    {
        var messages = JsonSerializer.Serialize(new[] { new { role = "user", content = string.Join(' ', Enumerable.Repeat("word", 20_000)) } });
        using var response = await _http.PostAsync("v1/chat/completions", Body($$"""{"model":"tools","messages":{{messages}}}"""));
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("context_length_exceeded", error.GetProperty("code").GetString());
        Assert.Matches(@"has \d+ tokens, and the messages are \d+ ", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_by_what_the_chat_template_adds_is_told_the_same()
    {
        // Word by word from a prompt that is too long by itself to one that is answered; between them lie those that the template makes too long.
        var said = await AskAsync(20_000);
        var (window, tokens) = Lengths().Match(said.Message) is { Success: true } lengths ? (int.Parse(lengths.Groups[1].Value), int.Parse(lengths.Groups[2].Value)) : throw new InvalidOperationException(said.Message);
        var byTemplate = 0;
        for (var words = (window * 20_000 / tokens) + 2; said.Status != HttpStatusCode.OK; words--)
        {
            said = await AskAsync(words);
            if (said.Status != HttpStatusCode.OK)
            {
                Assert.Equal((HttpStatusCode.BadRequest, "context_length_exceeded", "messages"), (said.Status, said.Code, said.Parameter));
                byTemplate += said.Message.Contains("The conversation takes ", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        Assert.True(byTemplate > 0, "No prompt was too long by the template alone.");

        async Task<(HttpStatusCode Status, string Message, string? Code, string? Parameter)> AskAsync(int words)
        {
            var messages = JsonSerializer.Serialize(new[] { new { role = "user", content = string.Join(' ', Enumerable.Repeat("word", words)) } });
            using var response = await _http.PostAsync("v1/chat/completions", Body($$"""{"model":"tools","max_tokens":1,"messages":{{messages}}}"""));
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            return answer.TryGetProperty("error", out var error)
                ? (response.StatusCode, error.GetProperty("message").GetString()!, error.GetProperty("code").GetString(), error.GetProperty("param").GetString())
                : (response.StatusCode, "", null, null);
        }
    }

    [GeneratedRegex(@"has (\d+) tokens, and the messages are (\d+) ")]
    private static partial Regex Lengths();

    [Fact]
    public async Task Other_addresses_bodies_and_hosts_are_refused_and_the_silo_is_unharmed()
    {
        using var unknown = await _http.GetAsync("v1/assistants");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("There is no GET /v1/assistants", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // It asks before it sends, since whoever is refused in mid-body may find the connection broken instead of the answer.
        using var large = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = Body(new string(' ', 5 * 1024 * 1024)), Headers = { ExpectContinue = true } };
        using var tooLarge = await _http.SendAsync(large);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);

        using var renamed = new HttpRequestMessage(HttpMethod.Get, "v1/models") { Headers = { Host = "evil.example" } };
        using var refused = await _http.SendAsync(renamed);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        using var priority = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = Body($$"""{"model":"tools","messages":{{Hello}}}"""), Headers = { { "X-LLMOS-Priority", "99" } } };
        using var wrong = await _http.SendAsync(priority);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);

        using var good = await _http.PostAsync("v1/chat/completions", Body($$"""{"model":"tools","messages":{{Hello}},"max_tokens":2}"""));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Fact]
    public async Task Embeddings_come_as_floats_or_base64()
    {
        using var floats = await _http.PostAsync("v1/embeddings", Body("""{"model":"tools","input":"a text"}"""));
        using var packed = await _http.PostAsync("v1/embeddings", Body("""{"model":"tools","input":["a text"],"encoding_format":"base64"}"""));
        var expected = (await floats.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()).ToArray();
        var bytes = (await packed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal(expected, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray());
        using var empty = await _http.PostAsync("v1/embeddings", Body("""{"model":"tools","input":[""]}"""));
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
    }

    public void Dispose() => _http.Dispose();

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");
}
