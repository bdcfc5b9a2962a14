using CsCheck;
using LLMOS.Kernel;
using LLMOS.Kernel.Processes;

namespace LLMOS.Tests.Kernel.Processes;

public sealed class TurnRetryPolicyTests
{
    [Fact]
    public void Waits_grow_stay_under_the_limit_and_end() =>
        Gen.Select(Gen.Guid, Gen.Int[1, 10], Gen.Int[1, 5_000], Gen.Int[1, 60]).Sample((message, attempts, first, factor) =>
        {
            var options = new KernelOptions
            {
                MaxTurnAttempts = attempts,
                FirstRetryDelay = TimeSpan.FromMilliseconds(first),
                LongestRetryDelay = TimeSpan.FromMilliseconds(first * factor),
            };
            options.Validate();
            var policy = new TurnRetryPolicy(options);
            Assert.Null(policy.DelayAfter(attempts, message));
            for (var failed = 1; failed < attempts; failed++)
            {
                var full = Math.Min(first * Math.Pow(4, failed - 1), first * factor);
                var delay = policy.DelayAfter(failed, message)!.Value.TotalMilliseconds;
                Assert.InRange(delay, full * 0.8 - 1, full + 1);
                Assert.Equal(delay, policy.DelayAfter(failed, message)!.Value.TotalMilliseconds);
            }
        });

    [Fact]
    public void Messages_that_failed_together_do_not_come_back_together()
    {
        var policy = new TurnRetryPolicy(new KernelOptions());
        Assert.True(Enumerable.Range(0, 100).Select(_ => policy.DelayAfter(1, Guid.NewGuid())).Distinct().Count() > 90);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        foreach (var (name, options) in new (string, KernelOptions)[]
        {
            ("MaxMailboxMessages", new KernelOptions { MaxMailboxMessages = 0 }),
            ("MaxMailboxBytes", new KernelOptions { MaxMailboxBytes = 0 }),
            ("MaxTurnAttempts", new KernelOptions { MaxTurnAttempts = 0 }),
            ("FirstRetryDelay", new KernelOptions { FirstRetryDelay = TimeSpan.Zero }),
            ("LongestRetryDelay", new KernelOptions { LongestRetryDelay = TimeSpan.Zero }),
        })
        {
            Assert.Contains(name, Assert.Throws<LlmosException>(options.Validate).Message, StringComparison.Ordinal);
        }
    }
}
