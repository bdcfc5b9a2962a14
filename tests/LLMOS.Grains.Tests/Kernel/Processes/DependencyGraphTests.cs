using CsCheck;
using LLMOS.Kernel.Processes;

namespace LLMOS.Tests.Kernel.Processes;

public sealed class DependencyGraphTests
{
    [Fact]
    public void An_order_has_each_after_those_it_waits_for_or_a_cycle_is_named_that_there_is() =>
        Gen.Select(Gen.Long[1, 8], Gen.Long[1, 9].Array[0, 3]).Array[0, 8].Sample(edges =>
        {
            var after = edges.GroupBy(edge => edge.Item1).ToDictionary(group => group.Key, group => (IReadOnlyList<long>)[.. group.SelectMany(edge => edge.Item2)]);
            IReadOnlyList<long> order;
            try
            {
                order = DependencyGraph.Order(after);
            }
            catch (LlmosException cycle)
            {
                var named = cycle.Message.Split(": ")[1].Split(". ")[0].Split(" → ").Select(long.Parse).ToList();
                Assert.Equal(named[0], named[^1]);
                Assert.All(named.Zip(named.Skip(1)), step => Assert.Contains(step.Second, after[step.First]));
                return;
            }

            Assert.Equal(after.Keys.Order(), order.Order());
            for (var i = 0; i < order.Count; i++)
            {
                Assert.All(after[order[i]], other => Assert.True(!after.ContainsKey(other) || order.Take(i).Contains(other)));
            }
        });

    [Fact]
    public void A_long_chain_takes_no_stack()
    {
        const int Length = 100_000;
        var order = DependencyGraph.Order(Enumerable.Range(1, Length).ToDictionary(pid => (long)pid, pid => (IReadOnlyList<long>)[pid + 1L]));
        Assert.Equal(Length, order[0]);
    }
}
