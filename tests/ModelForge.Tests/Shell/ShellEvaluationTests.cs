using LLMOS.SystemInterface.Syscalls;
using ModelForge.Corpus;
using ModelForge.Corpus.Shell;
using ModelForge.Evaluation;
using ModelForge.Evaluation.Shell;

namespace ModelForge.Tests.Shell;

public sealed class ShellEvaluationTests
{
    [Fact]
    public async Task A_model_that_knows_the_answers_is_wholly_right()
    {
        var answers = Cases().DistinctBy(sentence => SyscallPrompt.Normalise(sentence.Text)).ToDictionary(sentence => SyscallPrompt.Normalise(sentence.Text), SyscallText.Write);
        var rows = await new ShellEvaluation().RunAsync(new Fake(answers), static _ => { }, TestContext.Current.CancellationToken);

        Assert.All(rows, row => Assert.Empty(row.Misses));
        Assert.Equal([100, 100, 100, 100, 100], rows.Select(row => row.Value));
        Assert.Equal((200, 200), (rows[2].Cases, rows[3].Cases));
        Assert.InRange(rows[0].Cases, 450, 2000);
    }

    [Fact]
    public async Task A_model_that_says_the_wrong_pid_has_the_call_right_and_not_the_arguments()
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var sentence in Cases())
            wrong[SyscallPrompt.Normalise(sentence.Text)] = SyscallText.Write(sentence).Replace("\"pid\": ", "\"pid\": 9", StringComparison.Ordinal);
        var rows = await new ShellEvaluation().RunAsync(new Fake(wrong), static _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(100, rows[0].Value);
        Assert.InRange(rows[1].Value, 10, 90);
        Assert.All(rows.Skip(2).SkipLast(1), row => Assert.InRange(row.Value, 10, 95));

        // Who ends another process than was said has destroyed it.
        Assert.False(rows[^1].Met);
        Assert.All(rows[1].Misses, miss => Assert.Matches(" -> .+, not .+", miss));
    }

    [Fact]
    public async Task A_model_that_says_nothing_is_right_only_where_there_is_nothing_to_call()
    {
        var rows = await new ShellEvaluation().RunAsync(new Fake([]), static _ => { }, TestContext.Current.CancellationToken);

        Assert.All(rows.SkipLast(1), row => Assert.InRange(row.Value, 1, 30));
        Assert.Equal(100, rows[^1].Value);
        Assert.Equal(rows[0].Cases - rows[0].Misses.Count, (int)Math.Round(rows[0].Value * rows[0].Cases / 100));
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_is_never_right_and_destroys_nothing()
    {
        var rows = await new ShellEvaluation().RunAsync(new Fake([], """[{"syscall":"kill","args":{"pid": 4,"pid": 5}}]"""), static _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal([0, 0, 0, 0, 100], rows.Select(row => row.Value));
        Assert.All(rows[0].Misses, miss => Assert.Contains(" -> a list that cannot be read, not ", miss, StringComparison.Ordinal));
    }

    [Fact]
    public void No_case_is_counted_twice()
    {
        var cases = ShellEvaluation.HeldOut();

        Assert.Equal(cases.Count, cases.Select(sentence => sentence.Text.ToUpperInvariant()).Distinct().Count());
    }

    private static IEnumerable<ShellSentence> Cases() => ShellEvaluation.HeldOut().Concat(HandwrittenSentences.First()).Concat(HandwrittenSentences.Second());

    private sealed class Fake(Dictionary<string, string> answers, string otherwise = "? no") : ITextModel
    {
        public Task<string> CompleteAsync(IReadOnlyList<DocumentMessage> messages, int maxTokens, string? grammar, CancellationToken cancellationToken)
        {
            Assert.Equal([("system"), ("user")], messages.Select(message => message.Role));
            Assert.NotNull(grammar);
            return Task.FromResult(answers.GetValueOrDefault(messages[1].Text, otherwise));
        }
    }
}
