using LLMOS.Simulator.Devices;

namespace LLMOS.Simulator;

/// <summary>Gives a request to the less loaded of two devices that are drawn at random.</summary>
/// <remarks>Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, 2001.</remarks>
internal sealed class PowerOfTwoChoices(SimulatedDevice[] devices, Random random)
{
    /// <summary>The index of the chosen one.</summary>
    public int Choose()
    {
        if (devices.Length == 1)
            return 0;
        var first = random.Next(devices.Length);
        var second = random.Next(devices.Length - 1);
        second += second >= first ? 1 : 0;
        return devices[second].Load < devices[first].Load ? second : first;
    }
}
