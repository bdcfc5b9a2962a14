using LLMOS.Inference.Speculation;

namespace LLMOS.Inference.Tests.Speculation;

public sealed class StepCostTests
{
    [Theory]
    [InlineData(8, 2, 1)]
    [InlineData(8, 2, 16)]
    [InlineData(0, 5, 4)]
    [InlineData(10, 0.1, 8)]
    public void It_learns_what_a_token_more_costs(double stepMilliseconds, double tokenMilliseconds, int tokens)
    {
        var cost = new StepCost();
        for (var i = 0; i < 200; i++)
        {
            var size = 1 + (i * 7 % 20);
            cost.Observe(size, TimeSpan.FromMilliseconds(stepMilliseconds + (size * tokenMilliseconds)));
        }
        var expected = tokens * tokenMilliseconds / (stepMilliseconds + (tokens * tokenMilliseconds));
        Assert.InRange(cost.Marginal(tokens), expected - 0.05, expected + 0.05);
    }

    [Fact]
    public void Steps_of_one_size_leave_it_at_its_prior()
    {
        var cost = new StepCost();
        Assert.Equal(0.5, cost.Marginal(1), 6);
        for (var i = 0; i < 100; i++)
            cost.Observe(1, TimeSpan.FromMilliseconds(9 + (i % 2)));
        Assert.Equal(0.5, cost.Marginal(1), 3);
    }

    [Fact]
    public void A_step_that_was_held_up_does_not_count()
    {
        var cost = new StepCost();
        for (var i = 0; i < 100; i++)
        {
            var size = 1 + (i % 8);
            cost.Observe(size, TimeSpan.FromMilliseconds((i % 10 == 0 ? 500 : 0) + 8 + (2 * size)));
        }
        Assert.InRange(cost.Marginal(1), 0.15, 0.25);
    }

    [Fact]
    public void It_follows_a_machine_that_changes()
    {
        var cost = new StepCost();
        for (var i = 0; i < 400; i++)
        {
            var size = 1 + (i % 8);
            cost.Observe(size, TimeSpan.FromMilliseconds(i < 200 ? 8 + (2 * size) : 4 + (4 * size)));
        }
        Assert.InRange(cost.Marginal(1), 0.4, 0.6);
    }
}
