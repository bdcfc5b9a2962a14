using ModelForge.Corpus;
using ModelForge.Corpus.Reading;
using ModelForge.Corpus.Reading.Roles;
using ModelForge.Corpus.Reading.Tools;
using ModelForge.Evaluation;
using ModelForge.Evaluation.Reading;

namespace ModelForge.Tests.Reading;

public sealed class ReadingEvaluationTests
{
    [Fact]
    public async Task A_model_that_says_nothing_misses_every_goal()
    {
        List<string> lines = [];
        var rows = await new ReadingEvaluation().RunAsync(new FixedModel(""), lines.Add, TestContext.Current.CancellationToken);

        Assert.Equal([200, 100, 100, 150, 150, 60, 120, 120], rows.Where(row => !row.Name.StartsWith("facts", StringComparison.Ordinal)).Select(row => row.Cases));
        Assert.All(rows, row => Assert.False(row.Met, row.Name));
        Assert.All(rows, row => Assert.NotEmpty(row.Misses));
        Assert.Equal(rows.Count, lines.Count);
    }

    [Fact]
    public async Task A_model_that_always_refuses_answers_no_question()
    {
        var rows = await new ReadingEvaluation().RunAsync(new FixedModel(" " + ReadingPrompts.NotInContext), _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal((0, 100), (rows[0].Value, rows[1].Value));
        Assert.True(rows[1].Met);
    }

    [Fact]
    public void The_wanted_answers_are_right()
    {
        var random = new CorpusRandom(5);
        for (var i = 0; i < 200; i++)
        {
            var summary = SummarySource.NextCase(random, CorpusSplit.HeldOut, 6);
            Assert.Empty(SummaryCheck.Lost(summary.Scene, summary.Summary));
            var call = ToolCallSource.NextCase(random, CorpusSplit.HeldOut);
            Assert.True(ToolCallCheck.IsValid(call.Tools, call.Call) && ToolCallCheck.IsRight(call, call.Call), call.Call);
            var role = i % 2 == 0 ? RoleSource.Merge(random, CorpusSplit.HeldOut) : RoleSource.Split(random, CorpusSplit.HeldOut);
            Assert.True(RoleCheck.IsRight(role, role.Answer), role.Answer);
        }
    }

    [Fact]
    public void A_lost_fact_and_a_number_of_its_own_are_found()
    {
        var kind = FactKinds.All.Single(kind => kind.Name == "price");
        var scene = new Scene([new(kind, "red lamp", "40 euros"), new(kind, "blue tent", "7 yen")], "The red lamp costs 40 euros. The blue tent costs 7 yen.");

        Assert.Equal(["blue tent"], SummaryCheck.Lost(scene, "The red lamp costs 40 euros.").Select(fact => fact.Entity));
        Assert.Equal(2, SummaryCheck.Lost(scene, "The red lamp costs 7 yen. The blue tent costs 40 euros.").Count);
        Assert.Equal(2, SummaryCheck.Lost(scene, "The red lamp costs 40 euros. The blue tent costs 7 yen. There are 9.").Count);
        Assert.Single(SummaryCheck.Lost(scene, "The red lamp costs 40 euros. The blue tent costs 7 yens."));
    }

    [Theory]
    [InlineData("You are a coder and tester. You write code, fix bugs and read logs.", true)]
    [InlineData("You are a coder and tester. You fix bugs, write code and read logs.", true)]
    [InlineData("You are a coder and tester. You write code and fix bugs.", false)]
    [InlineData("You are an architect and tester. You write code, fix bugs and read logs.", false)]
    [InlineData("You are a coder. You write code, fix bugs and read logs.", false)]
    [InlineData("You are a coder and tester. You write code, fix bugs, read logs and read logs.", false)]
    [InlineData("You are a coder and tester. You write code, fix bugs, read logs and send mails.", false)]
    [InlineData("", false)]
    public void A_merged_role_has_every_duty_once(string answer, bool right)
    {
        var example = new RoleCase([], [new RoleText(["coder", "tester"], ["write code", "fix bugs", "read logs"])]);
        Assert.Equal(right, RoleCheck.IsRight(example, answer));
    }

    [Theory]
    [InlineData("1. You are a coder. You write code.\n2. You are a tester. You read logs.", true)]
    [InlineData("1. You are a coder. You read logs.\n2. You are a tester. You write code.", false)]
    [InlineData("1. You are a coder. You write code and read logs.", false)]
    public void A_split_role_keeps_each_duty_with_its_job(string answer, bool right)
    {
        var example = new RoleCase([], [new RoleText(["coder"], ["write code"]), new RoleText(["tester"], ["read logs"])]);
        Assert.Equal(right, RoleCheck.IsRight(example, answer));
    }

    [Theory]
    [InlineData("{\"name\":\"book_room\",\"arguments\":{\"city\":\" Oslo\",\"seats\":4}}", true, true)]
    [InlineData("{\"name\":\"book_room\",\"arguments\":{\"city\":\" Bergen\",\"seats\":4}}", true, false)]
    [InlineData("{\"name\":\"book_room\",\"arguments\":{\"city\":\" Oslo\"}}", true, false)]
    [InlineData("{\"name\":\"stop\",\"arguments\":{}}", true, false)]
    [InlineData("{\"name\":\"other\",\"arguments\":{}}", false, false)]
    [InlineData("{\"name\":\"book_room\",\"arguments\":{\"seats\":\" 4\"}}", false, false)]
    [InlineData("{\"name\":\"book_room\",\"arguments\":{\"city\":\" Oslo\"", false, false)]
    [InlineData("{\"name\":\"book_room\",\"arguments\":{\"seats\":4,\"seats\":4}}", false, false)]
    public void Calls_are_read_strictly(string call, bool valid, bool right)
    {
        ToolParameter city = new("city", "string"), seats = new("seats", "integer");
        ToolDefinition book = new("book_room", "Books a room.", [city, seats]), stop = new("stop", "Stops.", []);
        var example = new ToolCallCase([stop, book], "book a room in Oslo for 4", book, [(city, "Oslo"), (seats, "4")]);

        Assert.Equal((valid, right), (ToolCallCheck.IsValid(example.Tools, call), ToolCallCheck.IsRight(example, call)));
    }

    [Fact]
    public void Calibration_wants_surer_words_to_be_true_more_often()
    {
        (string, bool)[] good = [("high", true), ("medium", true), ("medium", false), ("low", false)];

        Assert.True(new ReadingEvaluation().Calibration(good).Met);
        Assert.False(new ReadingEvaluation().Calibration([("high", false), ("medium", true), ("low", false)]).Met);
        Assert.False(new ReadingEvaluation().Calibration([("high", true)]).Met);
    }

    private sealed class FixedModel(string answer) : ITextModel
    {
        public Task<string> CompleteAsync(IReadOnlyList<DocumentMessage> messages, int maxTokens, string? grammar, CancellationToken cancellationToken) =>
            Task.FromResult(answer);
    }
}
