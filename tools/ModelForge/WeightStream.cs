namespace ModelForge;

/// <summary>
/// Bell-shaped random weights from a SplitMix64 counter (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014): each weight is the sum of the four 16-bit quarters of one output, centred and scaled. Integers and one
/// multiplication, so every machine draws the same weights.
/// </summary>
internal struct WeightStream
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Mean of the sum of four uniform 16-bit numbers.</summary>
    private const int Centre = 131_070;

    /// <summary>Variance of that sum: 4·(2³²−1)/12.</summary>
    private const double Variance = 1_431_655_765.0;

    private ulong _state;

    /// <summary>A stream for one row of one tensor: rows can be drawn in any order, on any thread.</summary>
    public WeightStream(ulong seed, string tensor, long row)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var character in tensor)
            hash = (hash ^ character) * 0x100000001B3;
        _state = Mix(Mix(seed + Golden) ^ hash) + (Mix((ulong)row + Golden) | 1);
    }

    /// <summary>Fills <paramref name="values"/> with weights of standard deviation <paramref name="deviation"/>.</summary>
    public void Fill(Span<float> values, double deviation)
    {
        var scale = (float)(deviation / Math.Sqrt(Variance));
        var state = _state;
        for (var i = 0; i < values.Length; i++)
        {
            state += Golden;
            var bits = Mix(state);
            var sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
            values[i] = (sum - Centre) * scale;
        }

        _state = state;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
