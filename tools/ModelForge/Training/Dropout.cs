namespace ModelForge.Training;

/// <summary>
/// Elements that are left out of a step, the others being scaled up, so that nothing is learned by heart from few of them (Srivastava et al. 2014). What is
/// left out depends on the seed and the place alone: the backward pass and every device find the same.
/// </summary>
/// <param name="Share">The part that is left out; 0 for none.</param>
/// <param name="Seed">Of this step and micro-batch.</param>
internal readonly record struct Dropout(float Share, uint Seed)
{
    /// <summary>For a micro-batch of a step.</summary>
    public static Dropout At(float share, long step, int part) => new(share, Mix((uint)step * 0x9E3779B9 + (uint)part));

    /// <summary>For one of several places in the model.</summary>
    public Dropout Of(int place) => this with { Seed = Mix(Seed + (uint)place * 0x85EBCA6B) };

    /// <summary>What the element at <paramref name="index"/> is multiplied with.</summary>
    public static float Factor(uint seed, float share, int index) =>
        (Mix(seed ^ ((uint)index * 0x9E3779B9)) >> 8) * (1f / (1 << 24)) < share ? 0 : 1 / (1 - share);

    /// <summary>Leaves elements out, in place.</summary>
    /// <param name="values">The elements.</param>
    /// <param name="count">How many.</param>
    /// <param name="first">The index of the first, where they are a part of more.</param>
    public unsafe void Apply(float* values, int count, int first = 0)
    {
        if (Share == 0)
            return;
        for (var i = 0; i < count; i++)
            values[i] *= Factor(Seed, Share, first + i);
    }

    /// <summary>The finalizer of MurmurHash3 (Appleby 2011).</summary>
    private static uint Mix(uint value)
    {
        value = (value ^ (value >> 16)) * 0x85EBCA6B;
        value = (value ^ (value >> 13)) * 0xC2B2AE35;
        return value ^ (value >> 16);
    }
}
