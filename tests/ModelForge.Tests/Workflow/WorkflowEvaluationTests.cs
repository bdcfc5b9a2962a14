using ModelForge.Corpus.Workflow;
using ModelForge.Evaluation;
using ModelForge.Evaluation.Workflow;

namespace ModelForge.Tests.Workflow;

public sealed class WorkflowEvaluationTests
{
    private const int Cases = 6;

    [Fact]
    public async Task A_model_that_does_all_right_meets_every_goal()
    {
        var rows = await new WorkflowEvaluation(Cases, Cases, runs: 2)
            .RunAsync(new FollowingModel(Cases, (_, answer) => answer), _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(6, rows.Count);
        Assert.All(rows, row => Assert.True(row.Met && row.Value == 100, $"{row.Name}: {string.Join("; ", row.Misses)}"));
    }

    [Fact]
    public async Task The_model_in_the_repository_writes_programs_that_start()
    {
        await using var nano = EngineTextModel.Open(Path.Combine(Repository.Root, "models", "nano.gguf"));
        var rows = await new WorkflowEvaluation(requests: 10, reviews: 0, runs: 1).RunAsync(nano, _ => { }, TestContext.Current.CancellationToken);

        var row = rows.Single(row => row.Name == "program checks and starts");
        Assert.True(row.Value >= 90, string.Join("; ", row.Misses));
    }

    [Fact]
    public async Task Programs_that_do_not_parse_and_reviews_that_approve_of_all_are_misses()
    {
        var rows = await new WorkflowEvaluation(Cases, Cases, runs: 2).RunAsync(
            new FollowingModel(Cases, (role, answer) => role switch
            {
                WorkflowPrompts.Coder => answer.Replace("'", "", StringComparison.Ordinal),
                WorkflowPrompts.Reviewer => WorkflowPrompts.Approved,
                _ => answer,
            }),
            _ => { },
            TestContext.Current.CancellationToken);

        Assert.Equal([0, 100, 50, 0], new[] { rows[0].Value, rows[1].Value, rows[4].Value, rows[5].Value });
        Assert.Equal(Cases, rows[0].Misses.Count);
        Assert.Contains("SyntaxError", string.Join('\n', rows[0].Misses), StringComparison.Ordinal);
    }
}
