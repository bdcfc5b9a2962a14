using LLMOS.Benchmarks.EngineSuite.Peers;

namespace LLMOS.Benchmarks.Tests;

public sealed class ClosedLoopTests
{
    [Fact]
    public async Task A_chat_asks_its_next_prompt_when_it_has_its_answer_and_all_chats_run_at_once()
    {
        var load = new ChatLoad([[[1], [2]], [[3]]], AnswerTokens: 4);
        var asked = new List<int>();
        var gates = new Dictionary<int, TaskCompletionSource>();
        async Task<ChatAnswer> AskAsync(int[] prompt, CancellationToken cancellationToken)
        {
            asked.Add(prompt[0]);
            gates[prompt[0]] = new TaskCompletionSource();
            await gates[prompt[0]].Task.WaitAsync(cancellationToken);
            return new ChatAnswer(prompt.Length, 4, prompt[0]);
        }

        var running = ClosedLoop.RunAsync(load, AskAsync, TestContext.Current.CancellationToken);
        Assert.Equal([1, 3], asked);
        gates[1].SetResult();
        Assert.Equal([1, 3, 2], asked);
        gates[3].SetResult();
        Assert.False(running.IsCompleted);
        gates[2].SetResult();
        var run = await running;

        Assert.Equal((3, 12), (run.Prefilled, run.Generated));
        Assert.Equal([1.0, 2, 3], run.FirstTokens);
        Assert.Same(run, run.Checked("it", load));
        Assert.Equal((3, 3L, 5), (load.Requests, load.PromptTokens, load.LongestTokens));
    }

    [Theory]
    [InlineData(3, 11, 3)]
    [InlineData(4, 12, 3)]
    [InlineData(3, 12, 2)]
    public void A_run_that_did_other_work_is_no_figure(long prefilled, long generated, int answers)
    {
        var load = new ChatLoad([[[1], [2]], [[3]]], AnswerTokens: 4);
        Assert.Throws<BenchmarkException>(() => new ChatRun(1, prefilled, generated, new double[answers]).Checked("it", load));
    }
}
