using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelForge.Training;

/// <summary>The functions that training needs on eight floats at once.</summary>
internal static class VectorFunctions
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: the first has few bits, so that its product with a whole number is exact (Cody and Waite).
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e to the power of each, to about 2 units in the last place; arguments beyond ±87 are clamped to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(-87f)), Vector256.Create(87f));
        var power = Vector256.Round(x * Log2E);
        var rest = Vector256.FusedMultiplyAdd(power, Vector256.Create(-Ln2High), x);
        rest = Vector256.FusedMultiplyAdd(power, Vector256.Create(-Ln2Low), rest);

        // Taylor's series to the sixth degree: |rest| is at most ln 2 / 2, where the next term is below 1e-7.
        var sum = Vector256.Create(1f / 720);
        sum = Vector256.FusedMultiplyAdd(sum, rest, Vector256.Create(1f / 120));
        sum = Vector256.FusedMultiplyAdd(sum, rest, Vector256.Create(1f / 24));
        sum = Vector256.FusedMultiplyAdd(sum, rest, Vector256.Create(1f / 6));
        sum = Vector256.FusedMultiplyAdd(sum, rest, Vector256.Create(0.5f));
        sum = Vector256.FusedMultiplyAdd(sum, rest, Vector256<float>.One);
        sum = Vector256.FusedMultiplyAdd(sum, rest, Vector256<float>.One);
        var scale = ((Vector256.ConvertToInt32(power) + Vector256.Create(127)) << 23).AsSingle();
        return sum * scale;
    }

    /// <summary>1 / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sigmoid(Vector256<float> x) => Vector256<float>.One / (Vector256<float>.One + Exp(-x));
}
