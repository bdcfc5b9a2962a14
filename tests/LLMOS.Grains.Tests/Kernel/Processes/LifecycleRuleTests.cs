using CsCheck;
using LLMOS.Kernel.Processes;

namespace LLMOS.Tests.Kernel.Processes;

public sealed class LifecycleRuleTests
{
    private static readonly ProcessSpec Spec = new() { Name = "x" };

    [Fact]
    public void The_delay_doubles_up_to_its_bound_and_the_number_of_failures_is_limited() =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 100], Gen.Int[0, 100_000]).Sample((failures, limit, delay) =>
        {
            var spec = Spec with { Restart = RestartPolicy.OnFailure, MaxRestarts = limit, RestartDelay = TimeSpan.FromMilliseconds(delay) };
            var now = RestartRule.DelayOf(spec, failures, ExitReason.Faulted("x"));
            Assert.Equal(failures < limit, now is not null);
            if (now is { } time)
            {
                Assert.InRange(time, TimeSpan.Zero, RestartRule.LongestDelay);
                var expected = Math.Min(delay * Math.Pow(2, failures), RestartRule.LongestDelay.TotalMilliseconds);
                Assert.Equal(expected, time.TotalMilliseconds, 1.0);
            }
        });

    [Fact]
    public void What_was_killed_or_reached_a_limit_stays_ended()
    {
        foreach (var policy in Enum.GetValues<RestartPolicy>())
        {
            var spec = Spec with { Restart = policy };
            Assert.Null(RestartRule.DelayOf(spec, 0, ExitReason.Killed("x")));
            Assert.Null(RestartRule.DelayOf(spec, 0, ExitReason.LimitReached("x")));
            Assert.Equal(policy == RestartPolicy.Always, RestartRule.DelayOf(spec, 0, ExitReason.Done()) is not null);
            Assert.Equal(policy != RestartPolicy.Never, RestartRule.DelayOf(spec, 0, ExitReason.Faulted("x")) is not null);
        }
    }

    [Fact]
    public void A_life_ends_at_the_first_of_its_limits()
    {
        var spec = Spec with { MaxTurns = 3, MaxTokens = 100, MaxLifetime = TimeSpan.FromSeconds(9) };
        Assert.Null(LifetimeLimit.Reached(spec, 2, 99, TimeSpan.FromSeconds(8)));
        Assert.Contains("3 turns", LifetimeLimit.Reached(spec, 3, 0, default)!.Text, StringComparison.Ordinal);
        Assert.Contains("100", LifetimeLimit.Reached(spec, 0, 100, default)!.Text, StringComparison.Ordinal);
        Assert.Contains("9 s", LifetimeLimit.Reached(spec, 0, 0, TimeSpan.FromSeconds(9))!.Text, StringComparison.Ordinal);
        Assert.Null(LifetimeLimit.Reached(Spec, long.MaxValue, long.MaxValue, TimeSpan.MaxValue));
    }
}
