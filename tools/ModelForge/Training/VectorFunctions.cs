using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelForge.Training;

/// <summary>The functions that training needs on sixteen floats at once.</summary>
internal static class VectorFunctions
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: the first has few bits, so that its product with a whole number is exact (Cody and Waite).
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e to the power of each, to about 2 units in the last place; arguments beyond ±87 are clamped to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.Min(Vector512.Max(x, Vector512.Create(-87f)), Vector512.Create(87f));
        var power = Vector512.Round(x * Log2E);
        var rest = Vector512.FusedMultiplyAdd(power, Vector512.Create(-Ln2High), x);
        rest = Vector512.FusedMultiplyAdd(power, Vector512.Create(-Ln2Low), rest);

        // Taylor's series to the sixth degree: |rest| is at most ln 2 / 2, where the next term is below 1e-7.
        var sum = Vector512.Create(1f / 720);
        sum = Vector512.FusedMultiplyAdd(sum, rest, Vector512.Create(1f / 120));
        sum = Vector512.FusedMultiplyAdd(sum, rest, Vector512.Create(1f / 24));
        sum = Vector512.FusedMultiplyAdd(sum, rest, Vector512.Create(1f / 6));
        sum = Vector512.FusedMultiplyAdd(sum, rest, Vector512.Create(0.5f));
        sum = Vector512.FusedMultiplyAdd(sum, rest, Vector512<float>.One);
        sum = Vector512.FusedMultiplyAdd(sum, rest, Vector512<float>.One);
        var scale = ((Vector512.ConvertToInt32(power) + Vector512.Create(127)) << 23).AsSingle();
        return sum * scale;
    }

    /// <summary>1 / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Exp(-x));
}
