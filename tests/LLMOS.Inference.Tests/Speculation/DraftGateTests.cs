using LLMOS.Inference.Speculation;

namespace LLMOS.Inference.Tests.Speculation;

public sealed class DraftGateTests
{
    [Fact]
    public void Nothing_is_drafted_before_guesses_have_been_right()
    {
        var gate = new DraftGate();
        Assert.Equal(0, gate.Length(cost: 0.4, most: 16));
        gate.Observe(right: true);
        Assert.Equal(0, gate.Length(cost: 0.4, most: 16));
        for (var i = 0; i < 3; i++)
            gate.Observe(right: true);
        Assert.InRange(gate.Length(cost: 0.4, most: 16), 1, 3);
        for (var i = 0; i < 30; i++)
            gate.Observe(right: true);
        Assert.Equal(16, gate.Length(cost: 0.4, most: 16));
    }

    [Fact]
    public void Guesses_that_are_wrong_switch_it_off_and_right_ones_on_again()
    {
        var gate = new DraftGate();
        for (var i = 0; i < 30; i++)
            gate.Observe(right: true);
        for (var i = 0; i < 5; i++)
            gate.Observe(right: false);
        Assert.Equal(0, gate.Length(cost: 0.4, most: 16));
        for (var i = 0; i < 5; i++)
            gate.Observe(right: true);
        Assert.True(gate.Length(cost: 0.4, most: 16) > 0);
    }

    /// <summary>The last token of a draft is worth its cost and one more would not be.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(0.9)]
    public void A_draft_ends_where_a_token_more_costs_what_it_saves(double cost)
    {
        var gate = new DraftGate();
        foreach (var right in new[] { true, true, true, true, true, true, true, false, true, true, true, true })
            gate.Observe(right);
        var length = gate.Length(cost, most: 1000);
        Assert.True(length == 0 || Math.Pow(gate.Hits, length) >= cost);
        Assert.True(Math.Pow(gate.Hits, length + 1) <= cost);
    }

    [Fact]
    public void Where_a_token_more_costs_as_much_as_any_nothing_is_drafted()
    {
        var gate = new DraftGate();
        for (var i = 0; i < 100; i++)
            gate.Observe(right: true);
        Assert.Equal(0, gate.Length(cost: 1, most: 16));
    }
}
