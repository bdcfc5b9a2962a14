using CsCheck;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Tests.Kernel.Scheduling;

/// <summary>Probes against a plain graph, with any order of questions, answers, probes and of their ways.</summary>
public sealed class WaitBookTests
{
    private static readonly Gen<(int Operation, int Who, int Whom)> Operation = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 7], Gen.Int[0, 1_000]);

    [Fact]
    public void Every_circle_is_broken_and_nothing_else_is()
    {
        var broken = 0;
        Gen.Select(Gen.Int[2, 8], Operation.Array[0, 150]).Sample(
            (count, operations) =>
            {
                var model = new WaitModel(count);
                foreach (var (operation, who, whom) in operations)
                {
                    model.Do(operation, who % count, whom);
                }

                model.Settle();
                Assert.False(model.HasCircle());
                Interlocked.Add(ref broken, model.Broken);
            },
            iter: 5_000);
        Assert.True(broken > 100, $"only {broken} circles came about");
    }

    [Fact]
    public void The_least_urgent_gives_up_and_among_equals_the_youngest()
    {
        var now = DateTimeOffset.UnixEpoch;
        WaitStep Step(long pid, int priority, int second) => new()
        {
            WaitId = Guid.NewGuid(),
            Kind = WaitKind.Response,
            Pid = pid,
            Name = $"p{pid}",
            Priority = new ProcessPriority(priority),
            CreatedAt = now.AddSeconds(second),
            On = 0,
        };
        Assert.Equal(9, WaitCircle.Victim([Step(7, 10, 3), Step(9, 12, 1)]).Pid);
        Assert.Equal(7, WaitCircle.Victim([Step(7, 10, 3), Step(9, 10, 1)]).Pid);
        Assert.Equal(9, WaitCircle.Victim([Step(7, 10, 1), Step(9, 10, 1)]).Pid);
        Assert.Equal(
            "7 (p7) waits for 11 (p11), which waits for 9 (p9), which waits for 7 (p7)",
            WaitCircle.Describe([Step(9, 10, 1), Step(7, 10, 1), Step(11, 10, 1)]));
    }

    [Fact]
    public void A_wait_that_closes_a_circle_is_told_of_at_least_three_times_within_a_second()
    {
        var wait = new ProcessWait { Id = Guid.NewGuid(), Kind = WaitKind.Response, On = 2 };
        var book = new WaitBook();
        var start = DateTimeOffset.UnixEpoch;
        book.Begin(wait, start);
        var told = 0;
        while (book.NextProbe!.Value - start <= TimeSpan.FromSeconds(1))
        {
            told += book.TakeDue(book.NextProbe.Value).Count;
        }

        Assert.InRange(told, 3, 10);
        Assert.True(ProbeSchedule.DelayAfter(50, raises: true) * 2 < ProbeSchedule.Lease);
    }
}
