using CsCheck;
using LLMOS.Kernel.Resources;
using LLMOS.Silo.Placement;

namespace LLMOS.Silo.Tests.Placement;

public sealed class GpuAffinePolicyTests
{
    private const string Model = "nano";

    private static readonly Gen<DeviceCandidate> Candidate = Gen.Select(
        Gen.Int[0, 7], Gen.Bool, Gen.Int[0, 20], Gen.Bool, Gen.Int[0, 2], Gen.Int[0, 4],
        (silo, gpu, queue, holds, replicas, pending) => new DeviceCandidate(
            Devices.Report(silo, gpu, queue: queue, models: holds || replicas > 0 ? [new LoadedModel(Model, replicas)] : []),
            replicas,
            pending));

    private static readonly Gen<DeviceCandidate[]> Candidates = Candidate.Array[1, 12];

    [Fact]
    public void No_device_gives_none() => Assert.Null(new GpuAffinePolicy(_ => 0).Choose(Model, []));

    [Fact]
    public void A_CPU_is_never_chosen_while_a_GPU_is_offered() => Gen.Select(Candidates, Gen.Int).Sample((candidates, seed) =>
    {
        var chosen = Policy(seed).Choose(Model, candidates)!;
        Assert.Equal(candidates.Any(candidate => candidate.Report.IsGpu), chosen.IsGpu);
    });

    [Fact]
    public void A_device_that_holds_the_model_for_nobody_goes_before_all_others() => Gen.Select(Candidates, Gen.Int).Sample((candidates, seed) =>
    {
        var offered = Offered(candidates);
        var idle = offered.Where(candidate => candidate.Replicas == 0 && Holds(candidate)).Select(candidate => candidate.Report).ToArray();
        var chosen = Policy(seed).Choose(Model, candidates)!;
        if (idle.Length > 0)
        {
            Assert.Contains(chosen, idle);
        }
    });

    [Fact]
    public void A_second_replica_goes_beside_the_first_only_when_no_device_is_without_one() => Gen.Select(Candidates, Gen.Int).Sample((candidates, seed) =>
    {
        var chosen = Policy(seed).Choose(Model, candidates)!;
        var shares = Offered(candidates).Where(candidate => ReferenceEquals(candidate.Report, chosen)).All(candidate => candidate.Replicas > 0);
        Assert.Equal(Offered(candidates).All(candidate => candidate.Replicas > 0), shares);
    });

    [Fact]
    public void The_busiest_of_the_best_is_chosen_only_when_another_is_as_busy() => Gen.Select(Candidates, Gen.Int).Sample((candidates, seed) =>
    {
        var tier = GpuAffinePolicy.BestTier(Model, candidates);
        var chosen = Policy(seed).Choose(Model, candidates)!;
        var busiest = tier.Max(Queue);
        if (tier.Count > 1 && tier.Count(candidate => Queue(candidate) == busiest) == 1)
        {
            Assert.NotSame(tier.Single(candidate => Queue(candidate) == busiest).Report, chosen);
        }
    });

    [Fact]
    public void Of_two_that_are_as_busy_the_one_with_more_memory_is_chosen()
    {
        DeviceCandidate[] candidates = [new(Devices.Report(1, free: 100), 0, 0), new(Devices.Report(2, free: 200), 0, 0)];
        for (var seed = 0; seed < 20; seed++)
        {
            Assert.Equal(Devices.Silo(2), Policy(seed).Choose(Model, candidates)!.Silo);
        }
    }

    [Fact]
    public void Rapid_placements_from_many_silos_spread_though_all_read_the_same_reports()
    {
        // Eight directors place a hundred models each on ten devices, in the time of one report: none hears of the others.
        const int Directors = 8, Each = 100, Size = 10;
        var reports = Enumerable.Range(0, Size).Select(silo => Devices.Report(silo)).ToArray();
        var placed = new int[Size];
        var random = new Random(20260101);
        for (var director = 0; director < Directors; director++)
        {
            var pending = new PendingPlacements(new ManualTime());
            var policy = new GpuAffinePolicy(random.Next);
            for (var i = 0; i < Each; i++)
            {
                var model = $"model-{director}-{i}";
                var chosen = policy.Choose(model, pending.Candidates(model, 0, reports))!;
                pending.Add(model, 0, chosen);
                placed[Array.IndexOf(reports, chosen)]++;
            }
        }

        const int Fair = Directors * Each / Size;
        Assert.InRange(placed.Max(), Fair, Fair * 1.2);
        Assert.InRange(placed.Min(), Fair * 0.8, Fair);
    }

    [Fact]
    public void Placements_under_way_are_forgotten_when_the_reports_show_them()
    {
        var time = new ManualTime();
        var pending = new PendingPlacements(time);
        var report = Devices.Report(1);
        pending.Add(Model, 0, report);
        Assert.Equal(new DeviceCandidate(report, Replicas: 1, Pending: 1), pending.Candidates(Model, 1, [report]).Single());
        Assert.Equal(new DeviceCandidate(report, Replicas: 0, Pending: 1), pending.Candidates("other", 0, [report]).Single());

        time.Advance(PendingPlacements.Window + TimeSpan.FromMilliseconds(1));
        Assert.Equal(new DeviceCandidate(report, Replicas: 0, Pending: 0), pending.Candidates(Model, 1, [report]).Single());
    }

    [Fact]
    public void A_replica_that_is_placed_anew_does_not_stand_in_its_own_way()
    {
        var pending = new PendingPlacements(new ManualTime());
        var report = Devices.Report(1);
        pending.Add(Model, 0, report);
        Assert.Equal(new DeviceCandidate(report, Replicas: 0, Pending: 0), pending.Candidates(Model, 0, [report]).Single());
    }

    private static GpuAffinePolicy Policy(int seed) => new(new Random(seed).Next);

    private static DeviceCandidate[] Offered(DeviceCandidate[] candidates) =>
        candidates.Any(candidate => candidate.Report.IsGpu) ? [.. candidates.Where(candidate => candidate.Report.IsGpu)] : candidates;

    private static bool Holds(DeviceCandidate candidate) => candidate.Report.Models.Any(loaded => loaded.Name == Model);

    private static int Queue(DeviceCandidate candidate) =>
        candidate.Report.Load.Active + candidate.Pending + candidate.Report.Models.Sum(loaded => loaded.Replicas);
}
