using System.Diagnostics;
using LLMOS.Inference.Engine;
using LLMOS.Inference.Interop;
using static LLMOS.Inference.Tests.Engine.Engines;

namespace LLMOS.Inference.Tests.Engine;

public sealed class ThreadTests
{
    [Fact]
    public void The_likeliest_counts_are_tried_first_and_each_once()
    {
        Assert.Equal([1], ThreadChoice.Candidates(1));
        Assert.Equal([1, 2], ThreadChoice.Candidates(2));
        Assert.Equal([7, 4, 2, 1, 8], ThreadChoice.Candidates(8));
        Assert.Equal([15, 8, 4, 2, 1, 16], ThreadChoice.Candidates(16));
    }

    [Fact]
    public void The_fewest_threads_win_that_are_about_as_quick_as_the_quickest()
    {
        Assert.Equal(4, ThreadChoice.Best([(7, Milliseconds(10.2)), (4, Milliseconds(10)), (2, Milliseconds(17)), (1, Milliseconds(30))]));
        Assert.Equal(2, ThreadChoice.Best([(7, Milliseconds(10)), (4, Milliseconds(10.1)), (2, Milliseconds(10.4))]));
        Assert.Equal(7, ThreadChoice.Best([(7, Milliseconds(10)), (8, Milliseconds(300))]));
    }

    [Fact]
    public void A_measurement_gives_a_count_that_this_machine_has_and_ends_in_time()
    {
        var began = Stopwatch.GetTimestamp();
        Assert.InRange(ThreadChoice.Measure(TestModels.F32, TimeSpan.FromMilliseconds(200)), 1, Environment.ProcessorCount);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(ThreadChoice.Default, ThreadChoice.Measure(TestModels.F32, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_count_that_is_given_is_taken_and_a_tiny_model_is_not_measured()
    {
        await using (var given = new LlamaCppEngine(TestModels.F32, Small with { Threads = 3 }))
            Assert.Equal(3, given.Threads);
        await using var chosen = new LlamaCppEngine(TestModels.F32, Small with { Threads = 0 });
        Assert.Equal(1, chosen.Threads);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Threads_change_no_token_with_and_without_a_pool(bool withoutPool)
    {
        var request = Request(Tokens(95, 40), 12);
        List<int> expected;
        await using (var one = new LlamaCppEngine(TestModels.F32, Small with { FullPrecisionAttention = true }))
            expected = await Drain(one.Submit(request));
        var decodes = 0;
        await using var two = new LlamaCppEngine(TestModels.F32, Small with
        {
            FullPrecisionAttention = true,
            Threads = 2,
            ThreadsWithoutPool = withoutPool,
            Faults = new NativeFaults { BeforeDecode = _ => ++decodes == 6 ? -3 : 0 },
        });
        Assert.Equal(expected, await Drain(two.Submit(request)));
        Assert.Equal(1, two.Statistics.Restarts);
        Assert.Single(await two.EmbedAsync(["a text"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_library_has_pools()
    {
        LlamaRuntime.EnsureLoaded();
        Assert.Null(ThreadPoolHandle.Create(1));
        using var pool = ThreadPoolHandle.Create(2);
        Assert.NotNull(pool);
    }

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);
}
