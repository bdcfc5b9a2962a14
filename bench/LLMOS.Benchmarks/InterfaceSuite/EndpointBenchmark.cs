using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LLMOS.Benchmarks.EngineSuite;
using LLMOS.Benchmarks.EngineSuite.Peers;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Cognition.Inference;
using LLMOS.Inference;
using LLMOS.Silo;
using LLMOS.Silo.Models;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Benchmarks.InterfaceSuite;

/// <summary>
/// What OpenAI's endpoint adds to the engine behind it: the same engine of the same silo is asked the same prompts, by the endpoint as streams over a socket and directly, as tokens, in rounds that take turns.
/// </summary>
internal static class EndpointBenchmark
{
    private const int Streams = 32;
    private const int CellsOfStream = 256;
    private const int Words = 40;

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        run.Say("endpoint: one stream, then 32");
        var options = new LlmosSiloOptions { Data = run.Workspace.NewFolder(), HttpPort = 0 };
        options.Models.Default = ModelCache.Find(run);
        options.Models.ContextCells = 2 * Streams * CellsOfStream;
        options.Models.Threads = 1;
        await using var silo = await BenchmarkSilo.StartAsync(options, loadModel: true, cancellationToken);
        var engine = silo.Services.GetRequiredService<SiloEngines>().Loaded.Single().Engine;
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue }) { BaseAddress = silo.HttpAddress, Timeout = Timeout.InfiniteTimeSpan };
        await MeasureFirstTokenAsync(run, engine, http, cancellationToken);
        await MeasureStreamsAsync(run, engine, http, cancellationToken);
    }

    private static async Task MeasureFirstTokenAsync(SuiteRun run, LlamaCppEngine engine, HttpClient http, CancellationToken cancellationToken)
    {
        var requests = run.Quick ? 5 : 20;
        var prompts = new Prompts(seed: 1);
        var samples = await Interleaved.RunAsync(
            run.Rounds,
            [
                stop => MedianAsync(requests, () => AskEndpointAsync(http, prompts.Next(), tokens: 4, stop)),
                stop => MedianAsync(requests, () => AskEngineAsync(engine, prompts.Next(), tokens: 4, stop)),
            ],
            cancellationToken);
        run.Add(new Row
        {
            Suite = InterfaceBenchmarks.Name,
            Name = "OpenAI endpoint, first token later than from the engine, one stream, median",
            Value = Statistics.Median(samples[0].Zip(samples[1], (endpoint, direct) => endpoint - direct)),
            Unit = "ms",
            Peer = "the engine's own first token",
            PeerValue = Statistics.Median(samples[1]),
            Ratio = Statistics.MedianRatio(samples[0], samples[1]),
            Goal = Goal.ValueUnder(3),
        });
    }

    private static async Task MeasureStreamsAsync(SuiteRun run, LlamaCppEngine engine, HttpClient http, CancellationToken cancellationToken)
    {
        var tokens = run.Quick ? 32 : 64;
        var prompts = new Prompts(seed: 2);
        var samples = await Interleaved.RunAsync(
            run.Rounds,
            [
                stop => RateAsync(tokens, () => AskEndpointAsync(http, prompts.Next(), tokens, stop)),
                stop => RateAsync(tokens, () => AskEngineAsync(engine, prompts.Next(), tokens, stop)),
            ],
            cancellationToken);
        run.Add(new Row
        {
            Suite = InterfaceBenchmarks.Name,
            Name = string.Create(CultureInfo.InvariantCulture, $"OpenAI endpoint, tokens a second of {Streams} streams, {tokens} each"),
            Value = Statistics.Median(samples[0]),
            Unit = "tokens/s",
            Peer = "the engine directly",
            PeerValue = Statistics.Median(samples[1]),
            Ratio = Statistics.MedianRatio(samples[0], samples[1]),
            Goal = Goal.RatioAtLeast(0.9),
        });
    }

    /// <returns>Milliseconds to the first token.</returns>
    private static async Task<double> MedianAsync(int requests, Func<Task<ChatAnswer>> ask)
    {
        var times = new List<double>(requests);
        for (var i = 0; i < requests; i++)
            times.Add((await ask()).FirstToken * 1_000);
        return Statistics.Median(times);
    }

    private static async Task<double> RateAsync(int tokens, Func<Task<ChatAnswer>> ask)
    {
        var began = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => ask()));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var generated = answers.Sum(answer => answer.Generated);
        return generated == Streams * tokens
            ? generated / seconds
            : throw new BenchmarkException($"{Streams} streams generated {generated} tokens, where {Streams * tokens} were due: the rate says nothing.");
    }

    private static async Task<ChatAnswer> AskEngineAsync(LlamaCppEngine engine, string prompt, int tokens, CancellationToken cancellationToken)
    {
        // The chat template's work is a part of what the endpoint adds.
        var rendered = LlamaPrompt.Of(engine.Model, new InferenceRequest { Pid = 1, MaxTokens = tokens, Messages = [new PromptMessage(PromptRole.User, prompt)] });
        var (began, first) = (Stopwatch.GetTimestamp(), 0L);
        var answer = await EngineChats.AskAsync(engine, EngineChats.Request(rendered.Tokens, tokens), cancellationToken, () => first = first == 0 ? Stopwatch.GetTimestamp() : first);
        return answer with { FirstToken = Stopwatch.GetElapsedTime(began, first).TotalSeconds };
    }

    private static async Task<ChatAnswer> AskEndpointAsync(HttpClient http, string prompt, int tokens, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(new
        {
            model = "default",
            messages = new[] { new { role = "user", content = prompt } },
            max_tokens = tokens,
            temperature = 0,
            stream = true,
            stream_options = new { include_usage = true },
        });
        var (began, first) = (Stopwatch.GetTimestamp(), 0L);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new BenchmarkException($"The endpoint answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var usage = default(JsonElement);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith("data: {", StringComparison.Ordinal))
                continue;
            first = first == 0 ? Stopwatch.GetTimestamp() : first;
            if (line.Contains("\"usage\":{", StringComparison.Ordinal))
                usage = JsonElement.Parse(line["data: ".Length..]).GetProperty("usage");
        }

        return usage.ValueKind == JsonValueKind.Object
            ? new ChatAnswer(usage.GetProperty("prompt_tokens").GetInt64(), usage.GetProperty("completion_tokens").GetInt64(), Stopwatch.GetElapsedTime(began, first).TotalSeconds)
            : throw new BenchmarkException("The endpoint's stream ended without its usage.");
    }

    /// <summary>Texts of equal length that have nothing in common, so that no cache helps.</summary>
    private sealed class Prompts(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly Lock _gate = new();

        public string Next()
        {
            lock (_gate)
                return string.Join(' ', Enumerable.Range(0, Words).Select(_ => string.Concat(Enumerable.Range(0, 4).Select(_ => (char)('a' + _random.Next(26))))));
        }
    }
}
