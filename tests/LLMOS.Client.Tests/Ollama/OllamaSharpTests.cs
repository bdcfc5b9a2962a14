#pragma warning disable xUnit1051 // The clients have time limits of their own.
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LLMOS.Client.Tests.OpenAi;
using LLMOS.Kernel.Processes;
using Microsoft.Extensions.AI;
using OllamaSharp;
using OllamaSharp.Models;
using OllamaSharp.Models.Chat;

namespace LLMOS.Client.Tests.Ollama;

/// <summary>OllamaSharp as a client of a running silo, and what goes over the wire.</summary>
public sealed class OllamaSharpTests(HttpSilo silo) : IClassFixture<HttpSilo>, IDisposable
{
    private readonly OllamaApiClient _ollama = new(silo.Address, "tools");

    private readonly HttpClient _http = new() { BaseAddress = silo.Address };

    [Fact]
    public async Task Models_are_listed_shown_and_seen_when_they_are_loaded()
    {
        Assert.True(await _ollama.IsRunningAsync());
        Assert.False(string.IsNullOrEmpty(await _ollama.GetVersionAsync()));
        var listed = (await _ollama.ListLocalModelsAsync()).ToList();
        var tools = listed.Single(model => model.Name == "tools");
        Assert.True(tools.Size > 1_000);
        Assert.Equal("llama", tools.Details.Family);
        var shown = await _ollama.ShowModelAsync(new ShowModelRequest { Model = "tools:latest" });
        Assert.Equal("llama", shown.Info.Architecture);
        Assert.Contains("tools", shown.Capabilities!);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!(await _ollama.ListRunningModelsAsync(limit.Token)).Any(model => model.Name == "tools"))
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_chat_streams_its_lines_and_says_what_it_took()
    {
        var text = "";
        ChatDoneResponseStream? done = null;
        await foreach (var line in _ollama.ChatAsync(Chat(10)))
        {
            text += line!.Message.Content;
            done = line as ChatDoneResponseStream ?? done;
        }

        Assert.NotEmpty(text);
        Assert.Equal("length", done!.DoneReason);
        Assert.Equal(10, done.EvalCount);
        Assert.True(done.PromptEvalCount > 3);
        Assert.InRange(done.EvalDuration, 1, done.TotalDuration);
        Assert.InRange(done.PromptEvalDuration, 1, done.TotalDuration);
        Assert.InRange(done.LoadDuration, 1, done.TotalDuration);

        using var whole = await _http.PostAsync("api/chat", Body("""{"model":"tools","stream":false,"messages":[{"role":"system","content":"You talk."},{"role":"user","content":"Hello."}],"options":{"seed":4,"num_predict":10,"temperature":0.5}}"""));
        Assert.Equal(text, (await whole.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetProperty("content").GetString());

        // What came while nobody had time to read it is one line; of a longer answer there are several all the same.
        var lines = 0;
        await foreach (var line in _ollama.ChatAsync(Chat(200)))
        {
            lines += line!.Message.Content is { Length: > 0 } ? 1 : 0;
        }

        Assert.True(lines > 3, $"{lines} lines");

        static OllamaSharp.Models.Chat.ChatRequest Chat(int tokens) => new()
        {
            Model = "tools",
            Messages = [new Message(OllamaSharp.Models.Chat.ChatRole.System, "You talk."), new Message(OllamaSharp.Models.Chat.ChatRole.User, "Hello.")],
            Options = new RequestOptions { Seed = 4, NumPredict = tokens, Temperature = 0.5f },
        };
    }

    [Fact]
    public async Task A_text_is_generated_by_the_template_or_gone_on_with_as_it_stands()
    {
        var prompts = new List<int>();
        foreach (var raw in (bool[])[false, true])
        {
            GenerateDoneResponseStream? done = null;
            await foreach (var piece in _ollama.GenerateAsync(new GenerateRequest { Model = "tools", Prompt = "Once upon", Raw = raw, Options = new RequestOptions { NumPredict = 4 } }))
            {
                done = piece as GenerateDoneResponseStream ?? done;
            }

            Assert.Equal(4, done!.EvalCount);
            prompts.Add(done.PromptEvalCount);
        }

        Assert.True(prompts[1] < prompts[0], $"{prompts[1]} tokens as it stands, {prompts[0]} in the template");
    }

    [Fact]
    public async Task Functions_schemas_and_vectors_come_through_the_abstractions()
    {
        IChatClient chat = _ollama;
        var answer = await chat.GetResponseAsync<Answer>("Give me a number.", new ChatOptions { MaxOutputTokens = 200 });
        Assert.True(answer.TryGetResult(out _), answer.Text);

        var messages = """{"model":"tools","stream":false,"messages":[{"role":"user","content":"Look."},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"look","arguments":{"place":"here"}}}]},{"role":"tool","tool_name":"look","content":"found"}],"options":{"num_predict":3},"tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object","properties":{}}}}]}""";
        using var next = await _http.PostAsync("api/chat", Body(messages));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);

        var vectors = await _ollama.EmbedAsync(new EmbedRequest { Model = "tools", Input = ["one", "two"] });
        Assert.Equal(2, vectors.Embeddings.Count);
        Assert.True(vectors.PromptEvalCount > 0);
        Assert.True(vectors.TotalDuration > 0);
    }

    [Theory]
    [InlineData("api/chat", "{", 400, "no JSON")]
    [InlineData("api/chat", """{"model":"nothing","messages":[{"role":"user","content":"x"}]}""", 404, "there is default, tools")]
    [InlineData("api/chat", """{"model":"tools","messages":[{"role":"king","content":"x"}]}""", 400, "'king'")]
    [InlineData("api/chat", """{"model":"tools","messages":[{"role":"tool","content":"x"}]}""", 400, "no message before it made")]
    [InlineData("api/chat", """{"model":"tools","messages":[{"role":"user","content":"x","images":["eA=="]}]}""", 400, "messages are text")]
    [InlineData("api/chat", """{"model":"tools","messages":[{"role":"user","content":"x"}],"format":"xml"}""", 400, "json or a JSON schema")]
    [InlineData("api/chat", """{"model":"tools","messages":[{"role":"user","content":"x"}],"options":{"mirostat":1}}""", 400, "options.mirostat")]
    [InlineData("api/chat", """{"model":"tools","messages":[{"role":"user","content":"x"}],"think":true}""", 400, "'think' is not supported")]
    [InlineData("api/generate", """{"model":"tools","prompt":"x","suffix":"y"}""", 400, "'suffix'")]
    [InlineData("api/generate", """{"prompt":"x"}""", 400, "'model' is missing")]
    [InlineData("api/embed", """{"model":"tools","input":[""]}""", 400, "empty")]
    [InlineData("api/pull", """{"model":"tools"}""", 501, "files of this machine")]
    [InlineData("api/nothing", "{}", 404, "There is no POST /api/nothing")]
    public async Task Bad_input_is_an_error_in_a_sentence(string path, string body, int status, string says)
    {
        using var response = await _http.PostAsync(path, Body(body));
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, answer);
        Assert.Contains(says, JsonElement.Parse(answer).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_say_loads_the_model()
    {
        using var response = await _http.PostAsync("api/generate", Body("""{"model":"tools"}"""));
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("load", true), (answer.GetProperty("done_reason").GetString(), answer.GetProperty("done").GetBoolean()));
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_the_process_that_answers_it()
    {
        using var stop = new CancellationTokenSource();
        var pieces = 0;

        // Whether the client says that it was stopped, or ends, is its own affair.
        _ = await Record.ExceptionAsync(async () =>
        {
            await foreach (var _ in _ollama.GenerateAsync(new GenerateRequest { Prompt = "Speak for ever.", Options = new RequestOptions { NumPredict = 3_000 } }, stop.Token))
            {
                pieces++;
                await stop.CancelAsync();
            }
        });
        Assert.InRange(pieces, 1, 100);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await silo.Client.ListProcessesAsync(new ProcessFilter { LiveOnly = true })).Any(process => process.Name == "chat"))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public void Dispose()
    {
        _ollama.Dispose();
        _http.Dispose();
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    private sealed record Answer(int N, bool Ok);
}
