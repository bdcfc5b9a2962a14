using LLMOS.Kernel.Resources;

namespace LLMOS.Silo.Placement;

/// <summary>
/// The placements that this silo decided a moment ago and that no report shows yet. Counting them keeps a burst of
/// placements from going to the device that looked best when it began.
/// </summary>
internal sealed class PendingPlacements(TimeProvider time)
{
    /// <summary>Two reports' time: by then the target's own report counts what was admitted.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Model, int Replica), (long At, SiloAddress Silo, string Device)> _placements = [];

    public void Add(string model, int replica, DeviceReport device)
    {
        lock (_lock)
        {
            _placements[(model, replica)] = (time.GetTimestamp(), device.Silo, device.Device);
        }
    }

    /// <summary>The devices as candidates for a replica. Where it was placed before does not count: it is there no more.</summary>
    public List<DeviceCandidate> Candidates(string model, int replica, IEnumerable<DeviceReport> devices)
    {
        lock (_lock)
        {
            _placements.Remove((model, replica));
            foreach (var (grain, placement) in _placements)
            {
                if (time.GetElapsedTime(placement.At) > Window)
                {
                    _placements.Remove(grain);
                }
            }

            return [.. devices.Select(device => Candidate(model, device))];
        }
    }

    private DeviceCandidate Candidate(string model, DeviceReport device)
    {
        var (pending, ofModel) = (0, 0);
        foreach (var (grain, placement) in _placements)
        {
            if (placement.Silo.Equals(device.Silo) && placement.Device == device.Device)
            {
                pending++;
                ofModel += grain.Model == model ? 1 : 0;
            }
        }

        var replicas = device.Models.FirstOrDefault(loaded => loaded.Name == model)?.Replicas ?? 0;
        return new DeviceCandidate(device, replicas + ofModel, pending);
    }
}
