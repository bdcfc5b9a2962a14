using CsCheck;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Planning;

/// <summary>Steps of sequences that are computed with different adapters.</summary>
public sealed class AdapterSetPlanningTests
{
    private static readonly PlannerOptions Options = new();

    /// <summary>A bound with adapter sets: whatever the mix, and with reservations in one set, whoever is runnable is served within it.</summary>
    [Theory]
    [InlineData("fair", 0)]
    [InlineData("fair", 200)]
    [InlineData("rr", 0)]
    [InlineData("priority", 0)]
    [InlineData("priority", 200)]
    [InlineData("plas", 0)]
    public void Nobody_waits_longer_than_the_bound_whatever_set_it_has(string policy, int reservation) =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 60], Gen.Int[1, 40], Gen.Int[1, 200], Gen.Int[2, 5], Gen.Int[1, 64], Gen.Int[0, 10_000]).Sample((ids, jobs, quantum, largest, sets, step, seed) =>
        {
            var options = new PlannerOptions { Quantum = quantum, AgingSteps = 4 };
            var cells = 8 * largest;
            var limits = new StepLimits(step, Math.Max(1, step / 2), cells, ids, 0);
            var device = new PlannedDevice(StepPlanners.Create(policy, options), ids, cells, 100_000, limits.StepTokens, limits.PrefillTokensBesideDecode);
            var random = new Random(seed);
            long agingStep = options.AgingSteps;
            var most = 0;
            for (var i = 0; i < 3_000; i++)
            {
                if (device.Jobs.Count(job => !job.IsDone) < jobs)
                    Add(device, random, largest, sets);
                if (reservation > 0 && !device.Jobs.Any(job => job.Reservation > 0 && !job.IsDone))
                    device.Add(1, largest, priority: 2, reservation, set: sets - 1);
                device.RunStep();
                agingStep = Math.Max(agingStep, Backlog.Of(device.LastStates, device.LastLimits, options).AgingStep);
                most = Math.Max(most, device.Jobs.Count);
                var bound = new WaitBound
                {
                    AgingStep = agingStep,
                    Sequences = most,
                    Resident = Math.Min(ids, most),
                    Together = reservation > 0 ? 1 : Math.Min(ids, 8),
                    Cells = cells,
                    Sets = sets,
                    Reservations = reservation > 0,
                };
                foreach (var job in device.Jobs.Where(job => job.Reservation == 0 && (reservation == 0 || FitsBeside(job, ids, cells))))
                {
                    var longest = bound.Of(policy is "rr" or "plas" ? SchedulingClass.DefaultPriority : job.Priority, options, limits);
                    Assert.True(job.LongestWait <= longest, $"priority {job.Priority} of set {job.Set} waited {job.LongestWait} steps of at most {longest}");
                }
            }
        }, iter: 8);

    /// <summary>One process with an adapter of its own beside fifteen that share one: each gets the same, within what a turn serves.</summary>
    [Theory]
    [InlineData("fair")]
    [InlineData("rr")]
    public void A_set_of_one_gets_as_much_as_each_of_a_set_of_many(string policy)
    {
        var device = new PlannedDevice(StepPlanners.Create(policy, Options), ids: 16, cells: 10_000_000);
        var alone = device.Add(2, 100_000, set: 1);
        var others = Enumerable.Range(0, 15).Select(_ => device.Add(2, 100_000)).ToList();
        device.Run(4_000);
        Assert.All(others, other => Assert.InRange(alone.Served / other.Served, 0.98, 1.02));
    }

    [Fact]
    public void A_set_keeps_its_turn_for_a_few_steps_so_that_not_each_step_changes_the_adapters()
    {
        var device = new PlannedDevice(StepPlanners.Create("fair", Options), ids: 8, cells: 100_000);
        for (var i = 0; i < 8; i++)
            device.Add(2, 10_000, set: i % 2);
        device.Run(20);
        var changes = 0;
        for (var i = 0; i < 400; i++)
        {
            var before = device.Set;
            device.RunStep();
            changes += device.Set == before ? 0 : 1;
        }
        Assert.Equal(400 / Options.AdapterTurn, changes);
    }

    [Fact]
    public void A_better_class_of_another_set_is_served_in_the_next_step()
    {
        var device = new PlannedDevice(StepPlanners.Create("fair", Options), ids: 8, cells: 100_000);
        for (var i = 0; i < 4; i++)
            device.Add(2, 10_000);
        for (var offset = 0; offset < Options.AdapterTurn; offset++)
        {
            device.Run(40 + offset);
            var high = device.Add(20, 2, priority: 5, set: 1);
            device.RunStep();
            Assert.Equal((1, 1), (device.Set, high.Generated));
            device.RunStep();
        }
    }

    [Fact]
    public void What_is_left_over_waits_for_shared_work_of_another_set()
    {
        var device = new PlannedDevice(StepPlanners.Create("fair", Options), ids: 8, cells: 100_000);
        var idle = device.Add(2, 10_000, priority: 19, set: 1);
        device.Run(20);
        Assert.InRange(idle.Generated, 19, 20);
        device.Add(2, 300);
        device.Run(300);
        Assert.InRange(idle.Generated, 19, 20 + Options.AdapterTurn);
        device.Run(100);
        Assert.InRange(idle.Generated, 110, 130);
    }

    [Fact]
    public void The_round_robin_serves_the_set_that_waits_longest()
    {
        var device = new PlannedDevice(new RoundRobinStepPlanner(), ids: 9, cells: 100_000);
        for (var i = 0; i < 9; i++)
            device.Add(2, 1_000, set: i % 3);
        device.Run(302);
        Assert.All(device.Jobs, job => Assert.InRange(job.Generated, 98, 102));
        Assert.All(device.Jobs, job => Assert.InRange(job.LongestWait, 0, 4));
    }

    private static bool FitsBeside(PlannedDevice.Job job, int ids, int cells) => ReservationRule.LeftOf(ids) > 0 && job.Prompt + job.Answer <= ReservationRule.LeftOf(cells);

    private static void Add(PlannedDevice device, Random random, int largest, int sets)
    {
        var total = random.Next(1, largest + 1);
        var prompt = Math.Max(1, random.Next(total));
        if (total > prompt)
            device.Add(prompt, total - prompt, random.Next(4) == 0 ? random.Next(4, 20) : 4, set: random.Next(3) == 0 ? random.Next(sets) : 0);
    }
}
