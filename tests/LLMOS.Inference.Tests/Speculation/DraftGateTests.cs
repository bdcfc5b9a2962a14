using LLMOS.Inference.Speculation;

namespace LLMOS.Inference.Tests.Speculation;

public sealed class DraftGateTests
{
    [Fact]
    public void Nothing_is_drafted_before_guesses_have_been_right()
    {
        var gate = new DraftGate();
        Assert.Equal(0, gate.Length(cost: 0.4, tokens: 1, most: 16));
        Observe(gate, right: true, 2);
        Assert.InRange(gate.Length(cost: 0.4, tokens: 1, most: 16), 1, 3);
        Observe(gate, right: true, 100);
        Assert.Equal(16, gate.Length(cost: 0.4, tokens: 1, most: 16));
    }

    [Fact]
    public void Guesses_that_are_wrong_switch_it_off_and_right_ones_on_again()
    {
        var gate = new DraftGate();
        Observe(gate, right: true, 30);
        Observe(gate, right: false, 15);
        Assert.Equal(0, gate.Length(cost: 0.4, tokens: 1, most: 16));
        Observe(gate, right: true, 15);
        Assert.True(gate.Length(cost: 0.4, tokens: 1, most: 16) > 0);
    }

    /// <summary>No other length brings more tokens by the step's time.</summary>
    [Fact]
    public void A_draft_has_the_length_that_brings_the_most()
    {
        const int Most = 24;
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var gate = new DraftGate();
            var chance = random.NextDouble();
            for (var guess = 0; guess < 40; guess++)
                gate.Observe(random.NextDouble() < chance);
            var (cost, tokens) = (0.01 + random.NextDouble(), 1 + random.Next(20));
            var best = Enumerable.Range(0, Most + 1).Max(Rate);
            Assert.Equal(best, Rate(gate.Length(cost, tokens, Most)), 9);

            double Rate(int length) => (tokens + Enumerable.Range(1, length).Sum(token => Math.Pow(gate.Hits, token))) / (tokens + (length * cost));
        }
    }

    [Fact]
    public void Where_a_token_more_costs_as_much_as_any_nothing_is_drafted()
    {
        var gate = new DraftGate();
        Observe(gate, right: true, 100);
        Assert.Equal(0, gate.Length(cost: 1, tokens: 1, most: 16));
    }

    private static void Observe(DraftGate gate, bool right, int times)
    {
        for (var i = 0; i < times; i++)
            gate.Observe(right);
    }
}
