using System.Numerics.Tensors;

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
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(100)]
    public async Task Any_length_that_is_asked_for_can_be_embedded(int tokens)
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { EmbeddingTokens = tokens });
        var text = TestModels.F32.Detokenize([.. TestModels.F32.Tokenize(string.Concat(Enumerable.Repeat("a b c ", 50))).Skip(1).Take(Math.Max(tokens / 2, 1))]);
        if (TestModels.F32.Tokenize(text, parseSpecial: false).Length <= tokens)
            Assert.Single(await engine.EmbedAsync([text], Cancelled));
        await Sentences.RefusedAsync(LlamaError.TooLong, () => engine.EmbedAsync([string.Concat(Enumerable.Repeat("a b c ", 50))], Cancelled), $"at most {tokens}");
    }

    [Fact]
    public async Task Texts_that_cannot_be_embedded_are_refused()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { EmbeddingTokens = 32 });
        Assert.Empty(await engine.EmbedAsync([], Cancelled));
        var longText = string.Concat(Enumerable.Repeat("word ", 100));
        await Sentences.RefusedAsync(LlamaError.TooLong, () => engine.EmbedAsync(["short", longText], Cancelled), "Text 2 of 2", "32");
        Assert.Single(await engine.EmbedAsync(["short"], Cancelled));
    }
}
