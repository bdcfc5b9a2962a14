using System.Text;
using LLMOS.Inference;
using ModelForge.Corpus;
using ModelForge.Corpus.Reading.Tools;
using ModelForge.Evaluation.Reading;

namespace ModelForge.Tests.Reading;

/// <summary>The grammar in the engine: a random model, which knows nothing, writes valid calls under it.</summary>
public sealed class ToolCallGrammarTests : IDisposable
{
    private static readonly ToolDefinition[] Tools =
    [
        new("book_room", "Books a room.", [new("city", "string"), new("seats", "integer"), new("price", "number")]),
        new("stop", "Stops.", []),
    ];

    private readonly LlamaModel _model = LlamaModel.Load(Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf"));

    public void Dispose() => _model.Dispose();

    [Fact]
    public async Task A_random_model_calls_listed_tools_with_spans_of_the_request()
    {
        var random = new CorpusRandom(12);
        for (var i = 0; i < 12; i++)
        {
            var example = ToolCallSource.NextCase(random, CorpusSplit.HeldOut);
            var call = await Generate(example.Tools, example.Request, (ulong)i);
            Assert.True(ToolCallCheck.IsValid(example.Tools, call), call);
        }
    }

    [Theory]
    [InlineData("say \"hi\" to C:\\temp\tnow – 你好 🙂 [x] {y}")]
    [InlineData("007 and -5 and 1,000 and 2.50 and v1.2.3 and 99999999999999999999")]
    [InlineData("x")]
    public async Task Any_request_gives_a_grammar_that_the_engine_takes(string request)
    {
        var call = await Generate(Tools, request, 3);
        Assert.True(ToolCallCheck.IsValid(Tools, call), call);
    }

    [Fact]
    public void Numbers_are_those_of_the_request_that_json_has()
    {
        var grammar = ToolCallGrammar.For(Tools, "007, -5, 12 v9 2.50 srv3 1,000 at 14:30");

        Assert.Contains("integer ::= \"-5\" | \"12\" | \"14\" | \"30\"\n", grammar, StringComparison.Ordinal);
        Assert.Contains("number ::= \"-5\" | \"12\" | \"2.50\" | \"14\" | \"30\"\n", grammar, StringComparison.Ordinal);
    }

    [Fact]
    public void It_grows_linearly()
    {
        var small = ToolCallGrammar.For(Tools, string.Join(' ', Enumerable.Repeat("word", 100))).Length;

        Assert.InRange(ToolCallGrammar.For(Tools, string.Join(' ', Enumerable.Repeat("word", 800))).Length, 6 * small, 10 * small);
    }

    [Fact]
    public void Without_tools_or_words_there_is_none()
    {
        Assert.Contains("list one", Assert.Throws<ArgumentException>(() => ToolCallGrammar.For([], "stop")).Message, StringComparison.Ordinal);
        Assert.Contains("say something", Assert.Throws<ArgumentException>(() => ToolCallGrammar.For(Tools, " \n")).Message, StringComparison.Ordinal);
    }

    private async Task<string> Generate(IReadOnlyList<ToolDefinition> tools, string request, ulong seed)
    {
        await using var engine = new LlamaCppEngine(_model, new EngineOptions { ContextCells = 2048, Threads = 1 });
        var handle = engine.Submit(new GenerationRequest
        {
            PromptTokens = _model.Tokenize("call"),
            MaxTokens = 1500,
            Grammar = ToolCallGrammar.For(tools, request),
            Sampling = new SamplingParameters { Temperature = 1, TopK = 0, TopP = 1, Seed = (uint)seed },
        });
        var text = new StringBuilder();
        await foreach (var output in handle.ReadAllAsync(TestContext.Current.CancellationToken))
            text.Append(output.Text);
        return text.ToString();
    }
}
