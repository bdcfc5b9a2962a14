using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>Vectors of 8-bit integers, each with a scale: a quarter of the memory of floats, with an error of a few thousandths in a cosine.</summary>
internal static class Int8Vectors
{
    private const float Largest = 127;

    /// <summary>Rounds a vector to integers.</summary>
    /// <returns>What an integer is to be multiplied by.</returns>
    public static float Quantize(ReadOnlySpan<float> vector, Span<sbyte> integers)
    {
        var largest = vector.IsEmpty ? 0 : MathF.Abs(TensorPrimitives.MaxMagnitude(vector));
        if (largest == 0)
        {
            integers.Clear();
            return 0;
        }

        for (var i = 0; i < vector.Length; i++)
        {
            integers[i] = (sbyte)MathF.Round(vector[i] / largest * Largest);
        }

        return largest / Largest;
    }

    /// <summary>The sum of the products of two vectors of the same length, up to 65,536.</summary>
    public static int Dot(ReadOnlySpan<sbyte> x, ReadOnlySpan<sbyte> y)
    {
        ref var left = ref MemoryMarshal.GetReference(x);
        ref var right = ref MemoryMarshal.GetReference(y);
        var sum = 0;
        nuint i = 0;
        var length = (nuint)Math.Min(x.Length, y.Length);
        if (Avx2.IsSupported && length >= (nuint)Vector128<sbyte>.Count)
        {
            var sums = Vector256<int>.Zero;
            for (; i + (nuint)Vector128<sbyte>.Count <= length; i += (nuint)Vector128<sbyte>.Count)
            {
                var a = Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref left, i));
                var b = Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref right, i));
                sums += Avx2.MultiplyAddAdjacent(a, b);
            }

            sum = Vector256.Sum(sums);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            var sums = Vector128<int>.Zero;
            for (; i + (nuint)Vector128<sbyte>.Count <= length; i += (nuint)Vector128<sbyte>.Count)
            {
                var (a, b) = (Vector128.LoadUnsafe(ref left, i), Vector128.LoadUnsafe(ref right, i));
                sums += Products(Vector128.WidenLower(a), Vector128.WidenLower(b)) + Products(Vector128.WidenUpper(a), Vector128.WidenUpper(b));
            }

            sum = Vector128.Sum(sums);
        }

        for (; i < length; i++)
        {
            sum += Unsafe.Add(ref left, i) * Unsafe.Add(ref right, i);
        }

        return sum;
    }

    // A product of two 8-bit integers fits into 16 bits.
    private static Vector128<int> Products(Vector128<short> a, Vector128<short> b)
    {
        var products = a * b;
        return Vector128.WidenLower(products) + Vector128.WidenUpper(products);
    }
}
