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
    private readonly Queue<(long At, SiloAddress Silo, string Device, string Model)> _placements = new();

    public void Add(DeviceReport device, string model)
    {
        lock (_lock)
        {
            _placements.Enqueue((time.GetTimestamp(), device.Silo, device.Device, model));
        }
    }

    /// <summary>The devices as candidates for a model.</summary>
    public List<DeviceCandidate> Candidates(string model, IEnumerable<DeviceReport> devices)
    {
        lock (_lock)
        {
            while (_placements.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Window)
            {
                _placements.Dequeue();
            }

            return [.. devices.Select(device => Candidate(model, device))];
        }
    }

    private DeviceCandidate Candidate(string model, DeviceReport device)
    {
        var (pending, ofModel) = (0, 0);
        foreach (var placement in _placements)
        {
            if (placement.Silo.Equals(device.Silo) && placement.Device == device.Device)
            {
                pending++;
                ofModel += placement.Model == model ? 1 : 0;
            }
        }

        var replicas = device.Models.FirstOrDefault(loaded => loaded.Name == model)?.Replicas ?? 0;
        return new DeviceCandidate(device, replicas + ofModel, pending);
    }
}
