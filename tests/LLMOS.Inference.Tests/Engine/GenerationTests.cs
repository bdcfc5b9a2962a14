namespace LLMOS.Inference.Tests.Engine;

public sealed class GenerationTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_streams_the_tokens_it_counts()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var handle = engine.Submit(Engines.Request("Once upon a time", 16));
        var tokens = new List<TokenOutput>();
        await foreach (var token in handle.ReadAllAsync(Cancelled))
            tokens.Add(token);
        var result = await handle.Completion;

        Assert.Equal(16, tokens.Count);
        Assert.Equal(16, result.CompletionTokens);
        Assert.Equal(StopReason.Length, result.StopReason);
        Assert.NotEmpty(string.Concat(tokens.Select(token => token.Text)));
    }
}
