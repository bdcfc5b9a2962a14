namespace LLMOS.Inference.Sampling;

/// <summary>
/// Random numbers that depend on a seed, a position and a token alone: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) over the three.
/// There is no state to save, so a sequence can be taken up at any token.
/// </summary>
internal static class PositionDraw
{
    /// <summary>A number in (0, 1).</summary>
    public static double Next(ulong seed, long position, int token)
    {
        var mixed = Mix(Mix(Mix(seed) + (ulong)position) + (uint)token);
        return ((mixed >> 12) + 0.5) * (1.0 / (1UL << 52));
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
