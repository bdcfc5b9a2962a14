using LLMOS.Kernel.Resources;

namespace LLMOS.Silo.Placement;

/// <summary>
/// Chooses a device for a replica of a model: GPUs before CPUs, then the devices that hold the model and serve no replica
/// of it, then those that serve none, then the rest; among equals by power-of-two choices over queue and free memory.
/// A second replica is not put beside the first while another device is free: the two would share an engine, and
/// the replica would add nothing.
/// </summary>
/// <remarks>Two choices instead of the best one keep concurrent placements, which all see the same reports, from herding:
/// M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001.</remarks>
public sealed class GpuAffinePolicy
{
    private readonly Func<int, int> _next;

    /// <param name="next">A random number from 0 up to, and without, the one given.</param>
    public GpuAffinePolicy(Func<int, int> next) => _next = next;

    /// <returns>The device; null when there is none.</returns>
    public DeviceReport? Choose(string model, IReadOnlyCollection<DeviceCandidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var tier = BestTier(model, candidates);
        if (tier.Count <= 1)
        {
            return tier.Count == 0 ? null : tier[0].Report;
        }

        // Two different ones: the second is drawn from those that are left.
        var first = _next(tier.Count);
        var second = _next(tier.Count - 1);
        if (second >= first)
        {
            second++;
        }

        return Better(tier[first], tier[second]).Report;
    }

    internal static List<DeviceCandidate> BestTier(string model, IReadOnlyCollection<DeviceCandidate> candidates)
    {
        var anyGpu = candidates.Any(candidate => candidate.Report.IsGpu);
        var tier = new List<DeviceCandidate>(candidates.Count);
        var best = int.MaxValue;
        foreach (var candidate in candidates)
        {
            if (anyGpu && !candidate.Report.IsGpu)
            {
                continue;
            }

            var rank = Rank(model, candidate);
            if (rank < best)
            {
                best = rank;
                tier.Clear();
            }

            if (rank == best)
            {
                tier.Add(candidate);
            }
        }

        return tier;
    }

    private static int Rank(string model, in DeviceCandidate candidate) =>
        candidate.Replicas > 0 ? 2
        : candidate.Report.Models.Any(loaded => loaded.Name == model) ? 0
        : 1;

    private static DeviceCandidate Better(in DeviceCandidate left, in DeviceCandidate right)
    {
        var (leftQueue, rightQueue) = (Queue(left), Queue(right));
        return leftQueue != rightQueue
            ? (leftQueue < rightQueue ? left : right)
            : (left.Report.MemoryFree >= right.Report.MemoryFree ? left : right);
    }

    private static int Queue(in DeviceCandidate candidate) =>
        candidate.Report.Load.Active + candidate.Report.Load.Waiting + candidate.Pending + candidate.Report.Models.Sum(loaded => loaded.Replicas);
}
