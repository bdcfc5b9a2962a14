using LLMOS.Inference.Engine;

namespace LLMOS.Inference.Tests.Engine;

public sealed class RestartBudgetTests
{
    [Fact]
    public void As_many_as_the_bound_are_granted_in_any_window()
    {
        var budget = new RestartBudget(2, TimeSpan.FromSeconds(60));
        Assert.True(budget.TryTake(At(0)));
        Assert.True(budget.TryTake(At(30)));
        Assert.False(budget.TryTake(At(59)));
        Assert.True(budget.TryTake(At(60)));
        Assert.False(budget.TryTake(At(89)));
        Assert.True(budget.TryTake(At(90)));
    }

    [Fact]
    public void None_are_granted_where_none_may_be() => Assert.False(new RestartBudget(0, TimeSpan.FromSeconds(60)).TryTake(At(0)));

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
