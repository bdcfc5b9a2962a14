using CsCheck;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Tests.Kernel.Scheduling;

public sealed class ReplicaBalanceTests
{
    private static readonly Gen<ReplicaLoad[]> Loads =
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 30], Gen.Bool).Select((running, waiting, open) => open ? new ReplicaLoad(running, waiting, true) : default).Array[0, 8];

    private readonly ReplicaBalance _balance = new();

    [Fact]
    public void A_move_takes_no_more_than_waits_and_never_makes_the_other_the_busier_one() => Loads.Sample(loads =>
    {
        if (_balance.Plan(loads) is not { } move)
        {
            return;
        }

        Assert.NotEqual(move.From, move.To);
        Assert.InRange(move.Count, 1, loads[move.From].Waiting);
        Assert.Equal(0, loads[move.To].Waiting);
        Assert.True(loads[move.To].Total + move.Count <= loads[move.From].Total - move.Count);
        Assert.True(loads[move.To].IsOpen || loads[move.From].Waiting >= _balance.OpensAt);
    });

    [Fact]
    public void Moves_come_to_an_end_and_lose_nothing() => Loads.Sample(loads =>
    {
        var total = loads.Sum(load => load.Total);
        var moves = 0;
        while (_balance.Plan(loads) is { } move)
        {
            // What is moved begins at once where there is room for it, or waits there.
            loads[move.From] = loads[move.From] with { Waiting = loads[move.From].Waiting - move.Count };
            loads[move.To] = new ReplicaLoad(loads[move.To].Running + move.Count, 0, IsOpen: true);
            Assert.True(++moves <= 200, "it goes on moving");
        }

        Assert.Equal(total, loads.Sum(load => load.Total));
    });

    [Fact]
    public void One_more_is_opened_when_enough_wait_and_none_that_is_open_has_room()
    {
        Assert.Null(_balance.Plan([new(4, 1, true), default]));
        Assert.Equal(new ReplicaMove(0, 1, 3), _balance.Plan([new(4, 3, true), default]));
        Assert.Equal(new ReplicaMove(0, 2, 2), _balance.Plan([new(4, 3, true), default, new(3, 0, true)]));
        Assert.Null(_balance.Plan([new(4, 9, true), new(4, 1, true)]));
        Assert.Null(_balance.Plan([]));
    }

    [Fact]
    public void What_was_idle_for_long_is_closed_from_the_last_on_and_the_first_never() => Gen.Int[-1, 10].Array[0, 8].Sample(minutes =>
    {
        TimeSpan?[] idle = [.. minutes.Select(minute => minute < 0 ? (TimeSpan?)null : TimeSpan.FromMinutes(minute))];
        var closed = ReplicaRetirement.Choose(idle, TimeSpan.FromMinutes(5)).ToArray();
        Assert.Equal(Enumerable.Range(0, minutes.Length).Where(replica => replica > 0 && minutes[replica] >= 5).Reverse(), closed);
    });
}
