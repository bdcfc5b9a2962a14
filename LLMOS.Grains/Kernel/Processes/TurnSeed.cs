namespace LLMOS.Kernel.Processes;

/// <summary>The seeds of turns: the same process and message give the same seed, any other pair another one.</summary>
public static class TurnSeed
{
    public static ulong Derive(ulong processSeed, Guid messageId)
    {
        Span<byte> bytes = stackalloc byte[16];
        messageId.TryWriteBytes(bytes);
        var low = BitConverter.ToUInt64(bytes);
        var high = BitConverter.ToUInt64(bytes[8..]);
        return Mix(Mix(processSeed ^ low) ^ high);
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
