using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Planning;

/// <summary>In what the policies differ.</summary>
public sealed class PolicyTests
{
    [Fact]
    public void Fcfs_serves_in_the_order_of_arrival_and_interrupts_nobody()
    {
        var device = new PlannedDevice(StepPlanners.Create("fcfs"), ids: 2, cells: 1_000);
        var jobs = new[] { (50, 100), (50, 300), (10, 200), (1, 5) }.Select((size, i) => device.Add(size.Item1, size.Item2, priority: 19 - (6 * i))).ToList();
        device.Run(700);
        Assert.All(jobs, job => Assert.True(job.IsDone));
        Assert.Equal(0, device.SwapsOut);
        Assert.True(jobs[0].EndedAt < jobs[1].EndedAt);
        Assert.True(jobs[2].EndedAt - jobs[0].EndedAt >= 200);
        Assert.True(jobs[3].EndedAt > Math.Min(jobs[1].EndedAt, jobs[2].EndedAt));
    }

    [Fact]
    public void Priority_lets_the_best_have_all_and_equals_take_turns()
    {
        var device = new PlannedDevice(StepPlanners.Create("priority", new PlannerOptions { Quantum = 8, AgingSteps = 1_000 }), ids: 1, cells: 100_000);
        var (worse, first, second) = (device.Add(1, 1_000, priority: 11), device.Add(1, 200, priority: 6), device.Add(1, 200, priority: 6));
        device.Run(399);
        Assert.Equal(0, worse.Generated);
        device.Run(50);
        Assert.InRange(Math.Abs(first.EndedAt - second.EndedAt), 1, 9);
        Assert.True(first.IsDone && second.IsDone && worse.Generated > 40);
    }

    [Fact]
    public void Round_robin_looks_at_no_priority()
    {
        var device = new PlannedDevice(StepPlanners.Create("rr", new PlannerOptions { Quantum = 8 }), ids: 1, cells: 100_000);
        var jobs = new[] { 0, 10, 19 }.Select(priority => device.Add(1, 10_000, priority)).ToList();
        device.Run(3 * 8 * 20);
        Assert.All(jobs, job => Assert.InRange(job.Generated, 152, 168));
    }

    /// <summary>A short program gets past long ones without anyone having said that it is short.</summary>
    [Fact]
    public void Plas_lets_the_tree_that_had_least_go_first()
    {
        var device = new PlannedDevice(StepPlanners.Create("plas"), ids: 2, cells: 100_000);
        var (first, second) = (device.Add(10, 5_000), device.Add(10, 5_000));
        device.Run(1_000);
        var newcomer = device.Add(20, 100);
        device.Run(102);
        Assert.True(newcomer.IsDone);
        Assert.True(first.Generated + second.Generated > 2_000);
    }
}
