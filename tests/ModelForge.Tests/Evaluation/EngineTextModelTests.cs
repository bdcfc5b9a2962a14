using ModelForge.Corpus;
using ModelForge.Evaluation;

namespace ModelForge.Tests.Evaluation;

/// <summary>The models that are evaluated, with the random one of the repository.</summary>
public sealed class EngineTextModelTests
{
    private static readonly string Tiny = Path.Combine(Repository.Root, "models", "random-tiny.gguf");
    private static readonly DocumentMessage[] Question = [new("system", "You answer."), new("user", "Who are you?")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_says_the_same_every_time()
    {
        await using var model = EngineTextModel.Open(Tiny);

        var first = await model.CompleteAsync(Question, 40, grammar: null, Stop);
        var other = await model.CompleteAsync([Question[0], new("user", "Where?")], 40, grammar: null, Stop);

        Assert.NotEmpty(first);
        Assert.NotEqual(first, other);
        Assert.Equal(first, await model.CompleteAsync(Question, 40, grammar: null, Stop));
    }

    [Fact]
    public async Task A_grammar_is_obeyed()
    {
        await using var model = EngineTextModel.Open(Tiny);

        Assert.Matches("^(yes|no)$", await model.CompleteAsync(Question, 40, "root ::= \"yes\" | \"no\"", Stop));
    }

    [Fact]
    public async Task Two_thousand_tokens_of_prompt_fit_and_more_than_the_context_leaves_nothing_to_say()
    {
        await using var model = EngineTextModel.Open(Tiny);

        Assert.NotEmpty(await model.CompleteAsync([new("user", string.Concat(Enumerable.Repeat("7 ", 1100)))], 3, grammar: null, Stop));
        Assert.Equal("", await model.CompleteAsync([new("user", string.Concat(Enumerable.Repeat("7 ", 9000)))], 3, grammar: null, Stop));
    }

    [Fact]
    public void A_file_that_is_no_model_is_bad_input()
    {
        Assert.Contains("There is no file", Assert.Throws<BadInputException>(() => EngineTextModel.Open("none.gguf")).Message, StringComparison.Ordinal);
        Assert.Throws<BadInputException>(() => EngineTextModel.Open(Path.Combine(Repository.Root, "LLMOS.sln")));
    }

    [Fact]
    public async Task Speed_is_measured_from_the_file_on()
    {
        await using var model = EngineTextModel.Open(Tiny);
        var lines = new List<string>();

        var rows = await new SpeedEvaluation(Tiny).RunAsync(model, lines.Add, Stop);

        Assert.Equal([("loads in", "ms", 100.0, false), ("decodes alone on one thread", "tokens/s", 300.0, true)],
            rows.Select(row => (row.Name, row.Unit, row.Goal, row.AtLeast)));
        Assert.All(rows, row => Assert.Equal(("speed", 5), (row.Suite, row.Cases)));
        Assert.InRange(rows[0].Value, 0.01, 10_000);
        Assert.InRange(rows[1].Value, 10, 1_000_000);
        Assert.Equal(5, lines.Count);
    }
}
