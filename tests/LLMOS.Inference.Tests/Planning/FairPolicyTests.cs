using CsCheck;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Planning;

public sealed class FairPolicyTests
{
    private static readonly PlannerOptions Options = new();

    /// <summary>512 processes, 16 in the context, a quantum of 32: everyone gets the same, within a quantum.</summary>
    [Theory]
    [InlineData(512, 16, 32)]
    [InlineData(40, 16, 8)]
    [InlineData(7, 3, 1)]
    public void Equal_weights_get_equal_service_within_one_quantum(int processes, int ids, int quantum)
    {
        var device = new PlannedDevice(StepPlanners.Create("fair", Options with { Quantum = quantum }), ids, cells: 10_000_000);
        for (var i = 0; i < processes; i++)
            device.Add(prompt: 2, answer: 100_000);
        var rounds = 6 * processes / ids * quantum;
        for (var step = 0; step < rounds; step++)
        {
            device.RunStep();
            Assert.Equal(ids, device.LastPlan.Decode.Count + device.LastPlan.Prefill.Count);
            var (least, most) = (device.Jobs.Min(job => job.Served), device.Jobs.Max(job => job.Served));
            Assert.True(most - least <= WeightedTokens.Decode * (quantum + 1), $"after {step} steps one had {least} and one {most}");
        }
        // Amortised by the quantum: a swap for about that many tokens.
        Assert.True(device.SwapsOut <= (rounds * ids / quantum) + ids, $"{device.SwapsOut} swaps in {rounds} steps");
        Assert.Equal(ids, device.Resident);
    }

    /// <summary>Three that want all they can get and one place: each gets it in proportion to 1.25 a level.</summary>
    [Fact]
    public void Classes_share_by_weight()
    {
        var device = new PlannedDevice(StepPlanners.Create("fair", Options with { Quantum = 8 }), ids: 1, cells: 1_000_000);
        var jobs = new[] { 6, 10, 14 }.Select(priority => device.Add(2, 100_000, priority)).ToList();
        device.Run(20_000);
        var total = jobs.Sum(job => job.Served);
        var weights = jobs.Sum(job => WeightTable.Of(job.Priority));
        Assert.All(jobs, job => Assert.InRange(job.Served / total, 0.97 * WeightTable.Of(job.Priority) / weights, 1.03 * WeightTable.Of(job.Priority) / weights));
    }

    [Fact]
    public void Idle_takes_what_is_left_and_still_moves()
    {
        var device = new PlannedDevice(StepPlanners.Create("fair", Options), ids: 2, cells: 1_000_000);
        var idle = device.Add(10, 100_000, priority: 19);
        device.Run(100);
        Assert.True(idle.Generated > 90);
        var (a, b) = (device.Add(10, 100_000), device.Add(10, 100_000, priority: 15));
        device.Run(10_000);
        Assert.InRange(idle.Served, 200, 0.1 * (a.Served + b.Served));
        Assert.InRange(idle.Generated, 100 + Options.Quantum, 2_000);
    }

    [Fact]
    public void A_better_class_takes_a_place_in_the_middle_of_an_answer_at_once()
    {
        var device = new PlannedDevice(StepPlanners.Create("fair", Options), ids: 4, cells: 2_000);
        for (var i = 0; i < 4; i++)
            device.Add(20, 400, priority: i == 1 ? 13 : 10);
        device.Run(10);
        var high = device.Add(50, 300, priority: 5);
        device.RunStep();
        Assert.True(high.IsAdmitted);
        Assert.Equal([1], device.LastPlan.SwapOut.Select(swap => swap.Sequence));
        Assert.Equal(Residency.Swapped, device.Jobs[1].Residency);
        var before = device.Jobs[1].Generated;
        Assert.True(before > 0);
        high.IsRunnable = false; // Its reader lags: its place is free for others.
        device.RunStep();
        Assert.False(high.IsAdmitted);
        Assert.Equal(before + 1, device.Jobs[1].Generated);
    }

    [Fact]
    public void An_equal_waits_for_the_quantum_and_no_longer()
    {
        var device = new PlannedDevice(StepPlanners.Create("fair", Options), ids: 1, cells: 10_000);
        var first = device.Add(1, 1_000);
        device.RunStep();
        var second = device.Add(1, 1_000);
        device.Run(Options.Quantum - 1);
        Assert.Equal((Options.Quantum, 0), (first.Generated, second.Generated));
        device.RunStep();
        Assert.Equal((Options.Quantum, 1), (first.Generated, second.Generated));
    }

    /// <summary>Without host memory a swap costs a prefill: it is made once the answer is worth it.</summary>
    [Fact]
    public void What_would_have_to_be_computed_again_is_worth_its_tokens_first()
    {
        var device = new PlannedDevice(StepPlanners.Create("fair", Options), ids: 1, cells: 10_000, hostCells: 0);
        var first = device.Add(100, 1_000);
        device.Add(100, 1_000);
        var longest = 0;
        while (first.IsAdmitted || first.Generated == 0)
        {
            device.RunStep();
            longest = first.Generated;
        }
        Assert.Equal(99, longest); // 99 cost as much as the 198 whose KV there is.
    }

    [Fact]
    public void A_reservation_is_met_in_every_window_that_its_owner_has_work_in() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[16, 128], Gen.Int[0, 60], Gen.Int[8, 24], Gen.Int[0, 1]).Sample((owners, reservation, others, ids, prompts) =>
        {
            const int Window = 64;
            var device = new PlannedDevice(StepPlanners.Create("fair", Options), ids, cells: 400_000, window: Window);
            for (var i = 0; i < others; i++)
                device.Add(1 + (prompts * 500), 100_000 / (1 + others), priority: 4 + (i % 16));
            device.Run(Window);
            var reserved = Enumerable.Range(0, owners).Select(_ => device.Add(1, 2_000, priority: 2, reservation)).ToList();
            var before = new double[owners];
            for (var window = 0; window < 6; window++)
            {
                // A window begins with the step whose number it divides, one before the others were counted from.
                device.Run(window == 0 ? Window - 1 : Window);
                for (var i = 0; i < owners; i++)
                {
                    var had = reserved[i].Served - before[i];
                    before[i] = reserved[i].Served;
                    var possible = Math.Min(reservation, ((Window - 1) * WeightedTokens.Decode) - 1);
                    Assert.True(had >= possible, $"owner {i} of {owners} had {had} of {possible} in window {window} beside {others} others in {ids} ids");
                }
            }
        }, iter: 40);

    [Fact]
    public void Past_its_reservation_realtime_shares()
    {
        var device = new PlannedDevice(StepPlanners.Create("fair", Options), ids: 1, cells: 100_000);
        var realtime = device.Add(1, 50_000, priority: 3, reservation: 32);
        var normal = device.Add(1, 50_000);
        device.Run(64 * 200);
        Assert.InRange(normal.Served / realtime.Served, 0.1, 0.5);
    }

    /// <summary>Whatever the mix, whoever is runnable is served within the bound that docs/scheduling.md gives.</summary>
    [Theory]
    [InlineData("fair")]
    [InlineData("rr")]
    [InlineData("priority")]
    [InlineData("plas")]
    public void Nobody_waits_longer_than_the_bound(string policy) =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 90], Gen.Int[1, 40], Gen.Int[1, 300], Gen.Int[0, 1], Gen.Int[1, 64], Gen.Int[0, 10_000]).Sample((ids, jobs, quantum, largest, host, step, seed) =>
        {
            var options = new PlannerOptions { Quantum = quantum, AgingSteps = 4 };
            var cells = 4 * largest;
            var limits = new StepLimits(step, Math.Max(1, step / 2), cells, ids, 0);
            var device = new PlannedDevice(StepPlanners.Create(policy, options), ids, cells, host * 100_000, limits.StepTokens, limits.PrefillTokensBesideDecode, leftOverPrefill: seed % 5);
            var random = new Random(seed);
            long agingStep = options.AgingSteps;
            var most = 0;
            for (var i = 0; i < 3_000; i++)
            {
                // All classes and a stream of newcomers that are better than most.
                if (device.Jobs.Count(job => !job.IsDone) < jobs)
                    Add(device, random, largest);
                device.RunStep();
                agingStep = Math.Max(agingStep, Backlog.Of(device.LastStates, device.LastLimits, options).AgingStep);
                most = Math.Max(most, device.Jobs.Count);
                var bound = new WaitBound { AgingStep = agingStep, Sequences = most, Resident = Math.Min(ids, most), Together = Math.Min(ids, 4), Cells = cells };
                foreach (var job in device.Jobs)
                {
                    var longest = bound.Of(policy is "rr" or "plas" ? SchedulingClass.DefaultPriority : job.Priority, options, limits);
                    Assert.True(job.LongestWait <= longest, $"priority {job.Priority} waited {job.LongestWait} steps of at most {longest}");
                }
            }
        }, iter: 12);

    private static void Add(PlannedDevice device, Random random, int largest)
    {
        var total = random.Next(1, largest + 1);
        var prompt = Math.Max(1, random.Next(total));
        if (total > prompt)
            device.Add(prompt, total - prompt, random.Next(4) == 0 ? random.Next(4, 20) : 4);
    }
}
