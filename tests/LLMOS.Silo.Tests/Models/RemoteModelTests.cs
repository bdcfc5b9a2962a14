using System.Net;
using System.Net.Sockets;
using LLMOS.Cognition.Inference;
using LLMOS.Silo.Models;
using LLMOS.Silo.Tests.Placement;
using Microsoft.AspNetCore.Http;

namespace LLMOS.Silo.Tests.Models;

public sealed class RemoteModelTests
{
    private const string Variable = "LLMOS_TESTS_REMOTE_KEY";

    [Fact]
    public async Task A_prompt_goes_to_the_server_with_the_key_and_its_stream_comes_back()
    {
        await using var server = await ChatServer.StartAsync((context, _) => ChatServer.StreamAsync(context, "stop", "Hel", "lo ", "wörld"));
        await using var engine = Engine(server.Endpoint, key: "sk-of-the-test");

        var chunks = await engine.GenerateAsync(Request(), CancellationToken.None).ToListAsync();

        Assert.Equal("Hello wörld", string.Concat(chunks.Select(chunk => chunk.Text)));
        var usage = chunks[^1].Usage!;
        Assert.Equal((FinishReason.Stop, 11, 4, 3), (usage.FinishReason, usage.PromptTokens, usage.CachedTokens, usage.CompletionTokens));
        Assert.Equal(3, chunks.Sum(chunk => chunk.Tokens));
        var (body, authorization) = await server.Requests.Reader.ReadAsync();
        Assert.Equal("Bearer sk-of-the-test", authorization);
        Assert.Equal("served-name", body.GetProperty("model").GetString());
        Assert.True(body.GetProperty("stream").GetBoolean());
        Assert.Equal(["system", "user"], body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(0.5, body.GetProperty("temperature").GetDouble(), tolerance: 1e-6);
        Assert.Equal(42, body.GetProperty("seed").GetInt64());
        Assert.Equal(20, body.GetProperty("max_completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Functions_and_formats_go_to_the_server_and_its_calls_come_back()
    {
        await using var server = await ChatServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await ChatServer.EventAsync(context, ChatServer.Chunk(
                new { role = "assistant", tool_calls = new[] { new { index = 0, id = "c1", type = "function", function = new { name = "look", arguments = "{\"at\":\"sea\"}" } } } },
                finish: null));
            await ChatServer.EventAsync(context, ChatServer.Chunk(new { }, "tool_calls"));
            await context.Response.WriteAsync("data: [DONE]\n\n");
        });
        await using var engine = Engine(server.Endpoint);
        var request = Request() with
        {
            Messages =
            [
                new PromptMessage(PromptRole.User, "Look."),
                new PromptMessage(PromptRole.Assistant, "") { ToolCalls = [new ToolCall("c0", "look", "{\"at\":\"sky\"}")] },
                new PromptMessage(PromptRole.Tool, "blue") { ToolCallId = "c0" },
            ],
            Sampling = new SamplingOptions { FrequencyPenalty = 0.5f, PresencePenalty = 0.25f, JsonSchema = "{\"type\":\"object\"}", Stop = ["###"] },
            Tools = [new ToolDeclaration("look", "Looks.", "{\"type\":\"object\",\"properties\":{\"at\":{\"type\":\"string\"}}}")],
            ToolChoice = ToolChoice.Auto,
        };

        var chunks = await engine.GenerateAsync(request, CancellationToken.None).ToListAsync();

        Assert.Equal(new ToolCall("c1", "look", "{\"at\":\"sea\"}"), Assert.Single(chunks[^1].ToolCalls));
        Assert.Equal(FinishReason.ToolCalls, chunks[^1].Usage!.FinishReason);
        var (body, _) = await server.Requests.Reader.ReadAsync();
        Assert.Equal("look", body.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal(["user", "assistant", "tool"], body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.Equal("c0", body.GetProperty("messages")[2].GetProperty("tool_call_id").GetString());
        Assert.Equal(0.5, body.GetProperty("frequency_penalty").GetDouble());
        Assert.Equal(0.25, body.GetProperty("presence_penalty").GetDouble());
        Assert.Equal("json_schema", body.GetProperty("response_format").GetProperty("type").GetString());
    }

    [Fact]
    public async Task What_the_protocol_cannot_carry_is_refused_with_a_sentence()
    {
        await using var engine = Engine(new Uri("http://127.0.0.1:9/v1"));
        await RefusedAsync(new SamplingOptions { RepeatPenalty = 1.1f }, "takes no repeat penalty");
        await RefusedAsync(new SamplingOptions { MinP = 0.1f }, "takes no min-p");
        await RefusedAsync(new SamplingOptions { ForbiddenTokens = [1] }, "whose tokens are not known here");
        await RefusedAsync(new SamplingOptions { TopLogProbabilities = 1 }, "log-probabilities do not come");
        await RefusedAsync(new SamplingOptions { Grammar = "root ::= \"a\"" }, "holds no GBNF grammar");

        async Task RefusedAsync(SamplingOptions sampling, string sentence) => Assert.Contains(
            sentence,
            (await Assert.ThrowsAsync<LlmosException>(async () => await engine.GenerateAsync(Request() with { Sampling = sampling }, CancellationToken.None).ToListAsync())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_servers_limit_and_a_server_that_keeps_none_both_end_by_length()
    {
        await using var held = await ChatServer.StartAsync((context, _) => ChatServer.StreamAsync(context, "length", "a", "b"));
        await using var wild = await ChatServer.StartAsync((context, _) => ChatServer.StreamAsync(context, "stop", Enumerable.Repeat("a", 1000)));
        foreach (var server in new[] { held, wild })
        {
            await using var engine = Engine(server.Endpoint);
            var chunks = await engine.GenerateAsync(Request(), CancellationToken.None).ToListAsync();
            Assert.Equal(FinishReason.Length, chunks[^1].Usage!.FinishReason);
            Assert.InRange(chunks.Count, 3, 30);
        }
    }

    [Theory]
    [InlineData(401, LlmosErrorCode.PermissionDenied, $"refused the key (401): check the environment variable {Variable}.")]
    [InlineData(403, LlmosErrorCode.PermissionDenied, "refused the key (403)")]
    [InlineData(404, LlmosErrorCode.NotFound, "has no model 'served-name'")]
    [InlineData(400, LlmosErrorCode.InvalidArgument, "refused the request with status 400 (\"it went wrong\")")]
    [InlineData(429, LlmosErrorCode.ResourceExhausted, "has no capacity or quota left for now (429): try again in 7 s.")]
    [InlineData(500, LlmosErrorCode.Unavailable, "failed with status 500 (\"it went wrong\"): try again later.")]
    [InlineData(503, LlmosErrorCode.Unavailable, "failed with status 503")]
    public async Task What_the_server_refuses_becomes_a_sentence(int status, LlmosErrorCode code, string sentence)
    {
        await using var server = await ChatServer.StartAsync((context, _) =>
        {
            context.Response.Headers.RetryAfter = "7";
            return ChatServer.ErrorAsync(context, status, "it went wrong.");
        });
        await using var engine = Engine(server.Endpoint, key: "sk-secret", retries: 0);

        var exception = await FailsAsync(engine);

        Assert.Equal(code, exception.Code);
        Assert.StartsWith($"The server {server.Endpoint.Authority} of the model 'far' ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_an_answer_and_a_page_that_is_none_do_not_pass_for_one()
    {
        await using var half = await ChatServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await ChatServer.EventAsync(context, ChatServer.Chunk(new { content = "half" }, finish: null));
        });
        await using var page = await ChatServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<html>hi</html>");
        });
        foreach (var (server, sentence) in new[] { (half, "broke off its answer after 1 pieces"), (page, "gave no answer of the OpenAI chat protocol") })
        {
            await using var engine = Engine(server.Endpoint, retries: 0);
            var exception = await FailsAsync(engine);
            Assert.Equal(LlmosErrorCode.Unavailable, exception.Code);
            Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_busy_server_is_asked_again()
    {
        var asked = 0;
        await using var server = await ChatServer.StartAsync((context, _) =>
        {
            if (Interlocked.Increment(ref asked) == 1)
            {
                context.Response.Headers.RetryAfter = "0";
                return ChatServer.ErrorAsync(context, 429, "slow down");
            }

            return ChatServer.StreamAsync(context, "stop", "done");
        });
        await using var engine = Engine(server.Endpoint, retries: 1);

        var chunks = await engine.GenerateAsync(Request(), CancellationToken.None).ToListAsync();

        Assert.Equal("done", chunks[0].Text);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_server_that_is_silent_is_given_up_on()
    {
        await using var server = await ChatServer.StartAsync((context, _) => SilentAsync(context));
        await using var engine = Engine(server.Endpoint, timeout: TimeSpan.FromMilliseconds(300), retries: 0);

        var exception = await FailsAsync(engine);

        Assert.Equal(LlmosErrorCode.Unavailable, exception.Code);
        Assert.Contains("was silent for 0.3 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_falls_silent_in_the_middle_is_given_up_on()
    {
        await using var server = await ChatServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await ChatServer.EventAsync(context, ChatServer.Chunk(new { content = "half" }, finish: null));
            await SilentAsync(context);
        });
        await using var engine = Engine(server.Endpoint, timeout: TimeSpan.FromMilliseconds(300), retries: 0);

        var exception = await FailsAsync(engine);

        Assert.Contains("was silent for 0.3 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_breaks_off_becomes_a_sentence()
    {
        await using var server = await ChatServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await ChatServer.EventAsync(context, ChatServer.Chunk(new { content = "half" }, finish: null));
            context.Abort();
        });
        await using var engine = Engine(server.Endpoint, retries: 0);

        var exception = await FailsAsync(engine);

        Assert.Contains("broke off its answer", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_becomes_a_sentence()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = new Uri($"http://{listener.LocalEndpoint}/v1");
        listener.Dispose();
        await using var engine = Engine(endpoint, retries: 0);

        var exception = await FailsAsync(engine);

        Assert.Equal(LlmosErrorCode.Unavailable, exception.Code);
        Assert.Contains("(connection refused): start it, or correct Models:Remote:far:Endpoint.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_something_else_becomes_a_sentence()
    {
        await using var server = await ChatServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: <html>hello</html>\n\n");
        });
        await using var engine = Engine(server.Endpoint, retries: 0);

        var exception = await FailsAsync(engine);

        Assert.Contains("something that is no chat completion", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_the_request()
    {
        var gone = new TaskCompletionSource();
        await using var server = await ChatServer.StartAsync(async (context, _) =>
        {
            context.RequestAborted.Register(() => gone.TrySetResult());
            context.Response.ContentType = "text/event-stream";
            await ChatServer.EventAsync(context, ChatServer.Chunk(new { content = "one" }, finish: null));
            await SilentAsync(context);
        });
        await using var engine = Engine(server.Endpoint);

        await foreach (var chunk in engine.GenerateAsync(Request(), CancellationToken.None))
        {
            Assert.Equal("one", chunk.Text);
            break;
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, engine.Load.Active);
    }

    [Fact]
    public async Task Embeddings_come_from_the_model_that_is_configured_for_them()
    {
        await using var server = await ChatServer.StartAsync((context, _) => context.Response.WriteAsJsonAsync(new
        {
            @object = "list",
            model = "embedder",
            data = new[] { new { @object = "embedding", index = 0, embedding = Convert.ToBase64String(Bytes(3, 4)) } },
            usage = new { prompt_tokens = 1, total_tokens = 1 },
        }));
        await using var without = Engine(server.Endpoint);
        await using var with = Engine(server.Endpoint, embeddingModel: "embedder");

        var exception = await Assert.ThrowsAsync<LlmosException>(() => without.EmbedAsync(["text"], CancellationToken.None));
        Assert.Contains("Models:Remote:far:EmbeddingModel", exception.Message, StringComparison.Ordinal);
        var vectors = await with.EmbedAsync(["text"], CancellationToken.None);
        Assert.Equal<IEnumerable<float>>([0.6f, 0.8f], vectors.Single());

        static byte[] Bytes(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
    }

    [Fact]
    public void A_key_that_is_not_set_is_named_by_its_variable()
    {
        var factory = new RemoteEngineFactory(_ => null, TimeProvider.System);
        var exception = Assert.Throws<LlmosException>(() => factory.Create(Source(new Uri("http://localhost/v1"), Variable)));
        Assert.Contains($"the environment variable {Variable}, which is not set", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grammar_is_refused_since_no_server_would_hold_it()
    {
        await using var engine = Engine(new Uri("http://localhost/v1"));
        var request = Request() with { Sampling = new SamplingOptions { Grammar = "root ::= \"a\"" } };
        await Assert.ThrowsAsync<LlmosException>(async () => await engine.GenerateAsync(request, CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task A_cluster_without_a_device_runs_remote_models()
    {
        await using var server = await ChatServer.StartAsync((context, _) => ChatServer.StreamAsync(context, "stop", "far ", "away"));
        await using var cluster = await SiloCluster.StartAsync(
            options =>
            {
                options.Models.Remote["far"] = Options(server.Endpoint);
                options.Models.Default = "far";
            },
            DeviceSelection.None,
            DeviceSelection.None);

        foreach (var name in new[] { "far", "default" })
        {
            var chunks = await cluster.Replica(0, name).GenerateAsync(Request(), CancellationToken.None).ToListAsync();
            Assert.Equal("far away", string.Concat(chunks.Select(chunk => chunk.Text)));
        }

        Assert.Equal("remote", (await cluster.Replica(1, "far").AdmitAsync()).Card!.Architecture);
    }

    [Fact]
    public async Task An_error_of_the_server_reaches_the_caller_of_the_grain_as_it_is()
    {
        await using var server = await ChatServer.StartAsync((context, _) => ChatServer.ErrorAsync(context, 401, "no"));
        await using var cluster = await SiloCluster.StartAsync(
            options => options.Models.Remote["far"] = Options(server.Endpoint) with { Retries = 0 },
            DeviceSelection.None);

        var exception = await Assert.ThrowsAsync<LlmosException>(async () =>
            await cluster.Replica(0, "far").GenerateAsync(Request(), CancellationToken.None).ToListAsync());

        Assert.Equal(LlmosErrorCode.PermissionDenied, exception.Code);
        Assert.Contains("wants a key (401)", exception.Message, StringComparison.Ordinal);
    }

    private static async Task SilentAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        using var _ = context.RequestAborted.Register(() => gone.TrySetResult());
        await gone.Task;
    }

    private static async Task<LlmosException> FailsAsync(IModelEngine engine) => await Assert.ThrowsAsync<LlmosException>(async () =>
        await engine.GenerateAsync(Request(), CancellationToken.None).ToListAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));

    private static IModelEngine Engine(Uri endpoint, string? key = null, TimeSpan? timeout = null, int retries = 2, string embeddingModel = "")
    {
        var source = Source(endpoint, key is null ? "" : Variable);
        var options = source.Options with { Timeout = timeout ?? source.Options.Timeout, Retries = retries, EmbeddingModel = embeddingModel };
        return new RemoteEngineFactory(name => name == Variable ? key : null, TimeProvider.System).Create(source with { Options = options });
    }

    private static RemoteEngineSource Source(Uri endpoint, string variable) => new("far", Options(endpoint) with { ApiKeyVariable = variable });

    private static RemoteModelOptions Options(Uri endpoint) => new() { Endpoint = endpoint, Model = "served-name" };

    private static InferenceRequest Request() => new()
    {
        Pid = 1,
        MaxTokens = 20,
        Messages = [new PromptMessage(PromptRole.System, "Be brief."), new PromptMessage(PromptRole.User, "Hello?")],
        Sampling = new SamplingOptions { Temperature = 0.5f, Seed = 42 },
    };
}
