using LLMOS.Benchmarks.Measuring;

namespace LLMOS.Benchmarks.Tests;

public sealed class InterleavedTests
{
    [Fact]
    public async Task Each_round_begins_with_another_subject_and_the_first_does_not_count()
    {
        var order = new List<string>();
        Func<CancellationToken, Task<int>> Subject(string name) => _ =>
        {
            order.Add(name);
            return Task.FromResult(order.Count);
        };

        var samples = await Interleaved.RunAsync(2, [Subject("a"), Subject("b")], TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b", "b", "a", "a", "b"], order);
        Assert.Equal([4, 5], samples[0]);
        Assert.Equal([3, 6], samples[1]);
    }

    [Fact]
    public async Task An_interrupt_ends_it_before_the_next_run()
    {
        using var stop = new CancellationTokenSource();
        var runs = 0;
        await Assert.ThrowsAsync<OperationCanceledException>(() => Interleaved.RunAsync<int>(
            3,
            [
                _ =>
                {
                    runs++;
                    stop.Cancel();
                    return Task.FromResult(0);
                },
                _ => throw new InvalidOperationException("not reached"),
            ],
            stop.Token));
        Assert.Equal(1, runs);
    }
}
