using System.Diagnostics.Metrics;
using System.Text;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Telemetry;
using LLMOS.Silo.Models;
using LLMOS.Silo.Tests.Placement;

namespace LLMOS.Silo.Tests.Models;

/// <summary>The embedded model of random weights, through an inference grain and its engine of llama.cpp.</summary>
public sealed class InferenceGrainTests
{
    [Fact]
    public async Task A_prompt_is_answered_with_whole_characters_and_the_usage_comes_last()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));

        var chunks = await cluster.Replica(0).GenerateAsync(Request(1, tokens: 50), CancellationToken.None).ToListAsync();

        Assert.All(chunks.SkipLast(1), chunk => Assert.Null(chunk.Usage));
        var usage = chunks[^1].Usage!;
        Assert.Equal(FinishReason.Length, usage.FinishReason);
        Assert.Equal(50, usage.CompletionTokens);
        Assert.Equal(50, chunks.Sum(chunk => chunk.Tokens));
        Assert.InRange(usage.TimeToFirstToken, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(30));
        Assert.DoesNotContain('\uFFFD', string.Concat(chunks.Select(chunk => chunk.Text)));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_text_and_the_next_turn_finds_its_prompt_in_the_cache()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var replica = cluster.Replica(0);

        var (first, cold) = await GenerateAsync(replica, Request(1, tokens: 20));
        var (second, warm) = await GenerateAsync(replica, Request(1, tokens: 20));
        await replica.ReleaseAsync(1);
        var (third, released) = await GenerateAsync(replica, Request(1, tokens: 20));

        Assert.Equal(first, second);
        Assert.Equal(first, third);
        Assert.Equal(0, cold.CachedTokens);
        Assert.InRange(warm.CachedTokens, cold.PromptTokens - 1, cold.PromptTokens);
        Assert.Equal(0, released.CachedTokens);
    }

    [Fact]
    public async Task A_stream_that_its_reader_leaves_stops_its_sequence_within_two_steps()
    {
        // The meter is that of the whole process, and other tests cancel too: this one's model has a name of its own.
        const string model = "left";
        var steps = new List<int>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => Enable(instrument, listener) };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            if (tags.Contains(new KeyValuePair<string, object?>(MetricNames.Model, model)))
            {
                lock (steps)
                {
                    steps.Add(value);
                }
            }
        });
        listener.Start();
        await using var cluster = await SiloCluster.StartAsync(
            options => options.Models.Local[model] = Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf"), SiloCluster.Gpu("gpu"));
        var replica = cluster.Replica(0, model);

        await foreach (var _ in replica.GenerateAsync(Request(1, tokens: 4000), CancellationToken.None))
        {
            break;
        }

        using var cancelled = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in replica.GenerateAsync(Request(2, tokens: 4000), cancelled.Token).WithCancellation(cancelled.Token))
            {
                await cancelled.CancelAsync();
            }
        });

        var engine = cluster.Service<ModelHost>(0).GetEngine(model, 0);
        await Eventually.TrueAsync(() => engine.Load.Active == 0, "that no sequence runs");
        await Eventually.TrueAsync(() => Count() == 2, "that both cancellations were measured");
        Assert.All(steps, value => Assert.InRange(value, 0, 2));

        int Count()
        {
            lock (steps)
            {
                return steps.Count;
            }
        }

        static void Enable(Instrument instrument, MeterListener listener)
        {
            if (instrument is { Meter.Name: LlmosTelemetry.Name, Name: MetricNames.EngineCancelledSteps })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        }
    }

    [Fact]
    public async Task Sixty_four_processes_think_at_once_on_one_engine()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var replica = cluster.Replica(0);

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(pid => GenerateAsync(replica, Request(pid, tokens: 16))));

        Assert.All(answers, answer => Assert.Equal(16, answer.Usage.CompletionTokens));
        Assert.All(answers, answer => Assert.NotEmpty(answer.Text));
    }

    [Theory]
    [InlineData("", 10, "The prompt is empty")]
    [InlineData("hello", 0, "The limit of 0 tokens")]
    [InlineData("hello", 100_000, "can never fit")]
    public async Task A_wrong_request_gets_a_sentence_and_the_next_one_is_answered(string text, int tokens, string sentence)
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var replica = cluster.Replica(0);

        var exception = await Assert.ThrowsAsync<LlmosException>(() => GenerateAsync(replica, Request(1, tokens, text)));
        Assert.Equal(LlmosErrorCode.InvalidArgument, exception.Code);
        Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);

        Assert.Equal(5, (await GenerateAsync(replica, Request(1, tokens: 5))).Usage.CompletionTokens);
    }

    [Fact]
    public async Task A_megabyte_of_prompt_gets_a_sentence()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var exception = await Assert.ThrowsAsync<LlmosException>(() =>
            GenerateAsync(cluster.Replica(0), Request(1, tokens: 5, new string('x', 1 << 20))));
        Assert.Contains("can never fit", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_counted_and_the_card_tells_of_the_model()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var replica = cluster.Replica(0);

        var counts = await replica.CountTokensAsync(["", "hello", "hello hello hello hello"]);
        var card = await replica.GetCardAsync();

        Assert.Equal(0, counts[0]);
        Assert.InRange(counts[1], 1, 5);
        Assert.True(counts[2] > counts[1]);
        Assert.Equal(("llama", "gpu"), (card.Architecture, card.Device));
        Assert.InRange(card.ContextLength, 512, 4096);
        Assert.True((await replica.GetLoadAsync()).KvTotal >= 4096);
    }

    [Fact]
    public async Task Embeddings_have_unit_length_and_long_texts_are_embedded_in_chunks()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var longText = string.Concat(Enumerable.Range(0, 1_500).Select(i => $"line {i} of a long log; "));
        Assert.True((await cluster.Replica(0).CountTokensAsync([longText]))[0] > 4 * 512);
        var vectors = await cluster.Replica(0).EmbedAsync(["a web server", "a poem", longText]);
        Assert.Equal(3, vectors.Length);
        Assert.All(vectors, vector => Assert.Equal(1, Math.Sqrt(vector.Sum(value => (double)value * value)), tolerance: 1e-3));
    }

    private static InferenceRequest Request(long pid, int tokens, string text = "Tell me of the sea.") => new()
    {
        Pid = pid,
        MaxTokens = tokens,
        Messages = [new PromptMessage(PromptRole.User, text)],
        Priority = ProcessPriority.Default,
        Sampling = new SamplingOptions { Seed = 7, IgnoreEndOfSequence = true },
    };

    private static async Task<(string Text, InferenceUsage Usage)> GenerateAsync(IInferenceGrain replica, InferenceRequest request)
    {
        var text = new StringBuilder();
        InferenceUsage? usage = null;
        await foreach (var chunk in replica.GenerateAsync(request, CancellationToken.None))
        {
            text.Append(chunk.Text);
            usage = chunk.Usage ?? usage;
        }

        return (text.ToString(), usage!);
    }
}
