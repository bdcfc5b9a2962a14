using CsCheck;
using LLMOS.Kernel.Processes;

namespace LLMOS.Tests.Kernel.Processes;

public sealed class OpenBlocksTests
{
    private const long Last = 9;

    [Fact]
    public void All_are_open_until_they_were_seen_without_a_process_that_lives()
    {
        var blocks = new OpenBlocks([], 0);
        Assert.Equal([3, 2, 1, 0], blocks.NewestFirst(3));
        Assert.True(blocks.Close(2, blocks.Stamp(2)));
        Assert.Equal([4, 3, 1, 0], blocks.NewestFirst(4));
        Assert.Equal([0], blocks.NewestFirst(0));
        Assert.False(blocks.Close(2, blocks.Stamp(2)));
    }

    [Fact]
    public void What_is_entered_into_a_closed_one_opens_it_and_that_is_to_be_stored()
    {
        var blocks = new OpenBlocks([], 0);
        blocks.Close(1, blocks.Stamp(1));
        Assert.True(blocks.Begin(1));
        Assert.False(blocks.Begin(1));
        Assert.False(blocks.Begin(7));
        Assert.Equal([2, 1, 0], blocks.NewestFirst(2));
    }

    [Fact]
    public void One_that_somebody_entered_after_it_was_read_stays_open()
    {
        var blocks = new OpenBlocks([], 0);
        var stamp = blocks.Stamp(1);
        blocks.Begin(1);
        Assert.False(blocks.Close(1, stamp));
        blocks.End(1);
        Assert.False(blocks.Close(1, stamp));
        Assert.True(blocks.Close(1, blocks.Stamp(1)));
    }

    [Fact]
    public void None_with_a_process_that_lives_is_ever_closed_over_restarts_too() =>
        Gen.Select(Gen.Int[0, 4], Gen.Long[0, Last]).Array[0, 60].Sample(steps =>
        {
            var blocks = new OpenBlocks([], 0);
            var living = new Dictionary<long, int>();
            var reading = new Dictionary<long, (bool Lives, int Stamp)>();
            foreach (var (what, block) in steps)
            {
                switch (what)
                {
                    case 0:
                        blocks.Begin(block);
                        living[block] = living.GetValueOrDefault(block) + 1;
                        blocks.End(block);
                        break;
                    case 1:
                        living[block] = Math.Max(0, living.GetValueOrDefault(block) - 1);
                        break;
                    case 2:
                        reading[block] = (living.GetValueOrDefault(block) > 0, blocks.Stamp(block));
                        break;
                    case 3 when reading.Remove(block, out var read) && !read.Lives:
                        blocks.Close(block, read.Stamp);
                        break;
                    case 4:
                        blocks = new OpenBlocks(blocks.Before, blocks.From);
                        reading.Clear();
                        break;
                    default:
                        break;
                }

                var open = blocks.NewestFirst(Last);
                Assert.Equal(open.OrderDescending().Distinct(), open);
                Assert.All(living.Where(one => one.Value > 0), one => Assert.Contains(one.Key, open));
            }
        });
}
