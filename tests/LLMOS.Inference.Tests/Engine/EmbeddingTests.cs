using System.Numerics.Tensors;
using LLMOS.Inference.Engine;

namespace LLMOS.Inference.Tests.Engine;

public sealed class EmbeddingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Embeddings_have_unit_length_and_do_not_depend_on_their_company()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var texts = Enumerable.Range(0, 150).Select(i => $"Text number {i} {string.Concat(Enumerable.Repeat("more ", i % 30))}").ToList();
        var together = await engine.EmbedAsync(texts, Cancelled);
        Assert.Equal(texts.Count, together.Length);
        Assert.All(together, embedding =>
        {
            Assert.Equal(TestModels.F32.EmbeddingLength, embedding.Length);
            Assert.Equal(1, TensorPrimitives.Norm<float>(embedding), 1e-4f);
        });
        foreach (var index in new[] { 0, 29, 77, 149 })
        {
            var alone = Assert.Single(await engine.EmbedAsync([texts[index]], Cancelled));
            Assert.True(TensorPrimitives.Dot<float>(alone, together[index]) > 0.999f);
        }
        Assert.True(TensorPrimitives.Dot<float>(together[0], together[29]) < 0.999f);
        Assert.Equal(154, engine.Statistics.EmbeddedTexts);
    }

    [Fact]
    public async Task Embedding_and_generating_go_on_side_by_side()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { OutputCapacity = 500 });
        var alone = await GenerationTests.Ids(engine, Engines.Request("Tell me a story", 60));
        var handle = engine.Submit(Engines.Request("Tell me a story", 60));
        var embeddings = await engine.EmbedAsync([.. Enumerable.Range(0, 60).Select(i => $"text {i}")], Cancelled);
        Assert.Equal(60, embeddings.Length);
        var ids = new List<int>();
        await foreach (var token in handle.ReadAllAsync(Cancelled))
            ids.Add(token.Id);
        Assert.Equal(alone, ids);
    }

    [Theory]
    [InlineData(EmbeddingPooling.Mean)]
    [InlineData(EmbeddingPooling.Cls)]
    [InlineData(EmbeddingPooling.Last)]
    public async Task Every_pooling_works(EmbeddingPooling pooling)
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { Pooling = pooling });
        var embeddings = await engine.EmbedAsync(["one text", "another"], Cancelled);
        Assert.All(embeddings, embedding => Assert.Equal(1, TensorPrimitives.Norm<float>(embedding), 1e-4f));
    }

    [Theory]
    [InlineData(EmbeddingPooling.Mean)]
    [InlineData(EmbeddingPooling.Cls)]
    [InlineData(EmbeddingPooling.Last)]
    public async Task Pooling_is_what_the_tokens_embeddings_give(EmbeddingPooling pooling)
    {
        string[] texts = ["one text", "another, which is longer than the first", "x"];
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { Pooling = pooling });
        var embeddings = await engine.EmbedAsync(texts, Cancelled);
        foreach (var (text, embedding) in texts.Zip(embeddings))
        {
            var tokens = TokenEmbeddings.Of(TestModels.F32, TestModels.F32.Tokenize(text, addSpecial: true, parseSpecial: false));
            var pooled = pooling switch
            {
                EmbeddingPooling.Mean => Mean(tokens, [.. Enumerable.Repeat(1, tokens.Length)]),
                EmbeddingPooling.Cls => tokens[0],
                _ => tokens[^1],
            };
            Same(Unit(pooled), embedding);
            Same(Assert.Single(await engine.EmbedAsync([text], Cancelled)), embedding);
        }
    }

    [Theory]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(100)]
    public async Task A_long_text_has_the_mean_of_its_chunks_weighted_by_their_tokens(int limit)
    {
        var text = string.Concat(Enumerable.Range(0, 60).Select(i => $"part {i * i} of it, "));
        int[] begin = [TestModels.F32.BeginToken];
        var content = TestModels.F32.Tokenize(text, addSpecial: false, parseSpecial: false);
        Assert.True(content.Length > 3 * limit);
        Assert.Equal([.. begin, .. content], TestModels.F32.Tokenize(text, addSpecial: true, parseSpecial: false));
        var count = (int)Math.Ceiling(content.Length / (limit - 1.0));
        var ends = Enumerable.Range(0, count + 1).Select(i => content.Length * i / count).ToList();
        var chunks = ends.Zip(ends.Skip(1)).Select(range => content[range.First..range.Second]).ToList();
        Assert.All(chunks, chunk => Assert.InRange(chunk.Length, limit / 2, limit - 1));
        var pooled = chunks.Select(chunk => Unit(Mean(TokenEmbeddings.Of(TestModels.F32, [.. begin, .. chunk]), [.. Enumerable.Repeat(1, chunk.Length + 1)])));
        var expected = Unit(Mean([.. pooled], [.. chunks.Select(chunk => chunk.Length)]));

        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { EmbeddingTokens = limit, Pooling = EmbeddingPooling.Mean });
        var embeddings = await engine.EmbedAsync(["before", text, "behind"], Cancelled);
        Same(expected, embeddings[1]);
        Same(Assert.Single(await engine.EmbedAsync(["behind"], Cancelled)), embeddings[2]);
        Assert.Equal(4, engine.Statistics.EmbeddedTexts);
    }

    [Fact]
    public async Task Texts_that_cannot_be_embedded_are_refused()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { EmbeddingTokens = 32, LongestText = 90 });
        Assert.Empty(await engine.EmbedAsync([], Cancelled));
        var longText = string.Concat(Enumerable.Repeat("word ", 100));
        await Sentences.RefusedAsync(LlamaError.TooLong, () => engine.EmbedAsync(["short", longText], Cancelled), "Text 2 of 2", "at most 90 tokens");
        await Sentences.RefusedAsync(LlamaError.TooLong, () => engine.EmbedAsync([new string('x', 30_000)], Cancelled), "30000 characters", "at most 90 tokens");
        Assert.Single(await engine.EmbedAsync(["short"], Cancelled));
        await using var narrow = new LlamaCppEngine(TestModels.F32, Engines.Small with { EmbeddingTokens = 1 });
        await Sentences.RefusedAsync(LlamaError.TooLong, () => narrow.EmbedAsync(["short"], Cancelled), "EmbeddingTokens is 1", "raise it");
    }

    [Fact]
    public void Chunks_keep_the_frame_of_the_text_and_lose_no_token()
    {
        int[] content = [.. Enumerable.Range(10, 95)];
        var chunks = LongText.Split([1, 2, .. content, 3], content, limit: 20);
        Assert.Equal(6, chunks.Count);
        Assert.All(chunks, chunk =>
        {
            Assert.Equal([1, 2], chunk.Tokens[..2]);
            Assert.Equal(3, chunk.Tokens[^1]);
            Assert.Equal(chunk.Tokens.Length - 3, chunk.Weight);
            Assert.InRange(chunk.Tokens.Length, 18, 20);
        });
        Assert.Equal(content, chunks.SelectMany(chunk => chunk.Tokens[2..^1]));
        Assert.Equal([1, 2, 10, 3], Assert.Single(LongText.Split([1, 2, 10, 3], [10], limit: 4)).Tokens);
        Assert.Empty(LongText.Split([1, 2, 10, 3], [10], limit: 3));
    }

    [Fact]
    public void Chunks_that_cancel_each_other_out_have_no_mean() =>
        Sentences.Refused(LlamaError.SequenceFailed, () => LongText.Average([[1f, 0f], [-1f, 0f]], [5, 5]), "2 chunks");

    private static float[] Mean(float[][] vectors, int[] weights)
    {
        var mean = new float[vectors[0].Length];
        for (var i = 0; i < mean.Length; i++)
            mean[i] = (float)(vectors.Zip(weights, (vector, weight) => (double)vector[i] * weight).Sum() / weights.Sum());
        return mean;
    }

    private static float[] Unit(float[] vector)
    {
        var length = Math.Sqrt(vector.Sum(value => (double)value * value));
        return [.. vector.Select(value => (float)(value / length))];
    }

    private static void Same(float[] expected, float[] actual)
    {
        Assert.Equal(1, TensorPrimitives.Norm<float>(actual), 1e-4f);
        Assert.InRange(TensorPrimitives.Distance<float>(expected, actual), 0, 2e-3f);
    }
}
