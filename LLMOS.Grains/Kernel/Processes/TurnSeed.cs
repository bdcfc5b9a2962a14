namespace LLMOS.Kernel.Processes;

/// <summary>Seeds made of seeds: the same seed and name give the same one, any other pair another one.</summary>
public static class TurnSeed
{
    public static ulong Derive(ulong seed, Guid name)
    {
        Span<byte> bytes = stackalloc byte[16];
        name.TryWriteBytes(bytes);
        var low = BitConverter.ToUInt64(bytes);
        var high = BitConverter.ToUInt64(bytes[8..]);
        return Mix(Mix(seed ^ low) ^ high);
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
