using System.Text.Json;

namespace LLMOS.Inference.Tests.Engine;

public sealed class GrammarTests
{
    private const string Json = """
        root ::= "{" ws "\"name\":" ws string "," ws "\"age\":" ws number "}"
        string ::= "\"" [a-zA-Zà-ü ]{1,12} "\""
        number ::= [1-9] [0-9]{0,2}
        ws ::= " "?
        """;

    [Theory]
    [InlineData(0f)]
    [InlineData(1.2f)]
    public async Task A_random_model_writes_what_the_grammar_says(float temperature)
    {
        await using var engine = new LlamaCppEngine(TestModels.Multibyte, Engines.Small);
        for (ulong seed = 0; seed < 6; seed++)
        {
            var handle = engine.Submit(Engines.Request("Give me a person", 120, model: TestModels.Multibyte) with
            {
                Grammar = Json,
                Sampling = new SamplingParameters { Temperature = temperature, Seed = seed, IgnoreEnd = seed % 2 == 0 },
            });
            var text = "";
            await foreach (var token in handle.ReadAllAsync(TestContext.Current.CancellationToken))
                text += token.Text;
            Assert.Equal(StopReason.EndOfText, (await handle.Completion).StopReason);
            using var document = JsonDocument.Parse(text);
            Assert.InRange(document.RootElement.GetProperty("age").GetInt32(), 1, 999);
            Assert.NotEmpty(document.RootElement.GetProperty("name").GetString()!);
        }
    }

    [Theory]
    [InlineData("root ::= \"unfinished")]
    [InlineData("root ::= missing")]
    [InlineData("root ::= root \"a\"")]
    [InlineData("other ::= \"a\"")]
    [InlineData("root ::= [a-")]
    [InlineData("root ::= \"a\"{5,2")]
    [InlineData("not a grammar")]
    [InlineData("root ::= (\"a\"")]
    public async Task A_grammar_that_does_not_parse_is_refused_before_a_sequence_exists(string grammar)
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        Sentences.Refused(LlamaError.GrammarInvalid, () => engine.Submit(Engines.Request("x", 5) with { Grammar = grammar }), "grammar");
        Assert.Equal(0, engine.Statistics.Waiting + engine.Statistics.Active);
    }

    [Fact]
    public async Task A_grammar_nested_too_deep_is_refused_instead_of_ending_the_process()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var nested = "root ::= " + new string('(', 100_000) + "\"a\"" + new string(')', 100_000);
        Sentences.Refused(LlamaError.GrammarInvalid, () => engine.Submit(Engines.Request("x", 5) with { Grammar = nested }), "grammar");
    }

    [Fact]
    public async Task A_grammar_that_no_token_can_follow_ends_its_own_sequence_with_a_reason()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var handle = engine.Submit(Engines.Request("x", 20) with
        {
            Grammar = "root ::= \"aaaaaaaaaa\"",
            Sampling = SamplingParameters.Greedy with { ForbiddenTokens = [.. Enumerable.Range(0, TestModels.F32.VocabularySize)] },
        });
        await Sentences.RefusedAsync(LlamaError.InvalidRequest, () => handle.Completion, "grammar");
        Assert.Equal(5, (await engine.Submit(Engines.Request("x", 5)).Completion).CompletionTokens);
    }
}
