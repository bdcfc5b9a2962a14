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

    /// <summary>The sum of the products of two vectors of the same length, up to 65,536, with integers from -127 to 127.</summary>
    public static int Dot(ReadOnlySpan<sbyte> x, ReadOnlySpan<sbyte> y)
    {
        ref var left = ref MemoryMarshal.GetReference(x);
        ref var right = ref MemoryMarshal.GetReference(y);
        var sum = 0;
        nuint i = 0;
        var length = (nuint)Math.Min(x.Length, y.Length);
        if (Avx2.IsSupported && length >= (nuint)Vector256<sbyte>.Count)
        {
            var (sums, others) = (Vector256<int>.Zero, Vector256<int>.Zero);
            for (; i + (2 * (nuint)Vector256<sbyte>.Count) <= length; i += 2 * (nuint)Vector256<sbyte>.Count)
            {
                sums += Products(Vector256.LoadUnsafe(ref left, i), Vector256.LoadUnsafe(ref right, i));
                others += Products(Vector256.LoadUnsafe(ref left, i + (nuint)Vector256<sbyte>.Count), Vector256.LoadUnsafe(ref right, i + (nuint)Vector256<sbyte>.Count));
            }

            for (; i + (nuint)Vector256<sbyte>.Count <= length; i += (nuint)Vector256<sbyte>.Count)
            {
                sums += Products(Vector256.LoadUnsafe(ref left, i), Vector256.LoadUnsafe(ref right, i));
            }

            sum = Vector256.Sum(sums + others);
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

    /// <summary>The same for a vector and others that lie one behind the other: four at a time, so that it is read once for all four and their sums are made of one another.</summary>
    /// <param name="x">The vector.</param>
    /// <param name="vectors">The others, as many as there is room for sums.</param>
    /// <param name="sums">Takes the sum of each.</param>
    public static void Dots(ReadOnlySpan<sbyte> x, ReadOnlySpan<sbyte> vectors, Span<int> sums)
    {
        var place = 0;
        if (Avx2.IsSupported && x.Length >= Vector256<sbyte>.Count)
        {
            ref var left = ref MemoryMarshal.GetReference(x);
            var length = (nuint)x.Length;
            for (; place + 4 <= sums.Length; place += 4)
            {
                ref var right = ref MemoryMarshal.GetReference(vectors.Slice(place * x.Length, 4 * x.Length));
                var (a, b, c, d) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
                nuint i = 0;
                for (; i + (nuint)Vector256<sbyte>.Count <= length; i += (nuint)Vector256<sbyte>.Count)
                {
                    var query = Vector256.LoadUnsafe(ref left, i);
                    a += Products(query, Vector256.LoadUnsafe(ref right, i));
                    b += Products(query, Vector256.LoadUnsafe(ref right, i + length));
                    c += Products(query, Vector256.LoadUnsafe(ref right, i + (2 * length)));
                    d += Products(query, Vector256.LoadUnsafe(ref right, i + (3 * length)));
                }

                var pairs = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a, b), Avx2.HorizontalAdd(c, d));
                (pairs.GetLower() + pairs.GetUpper()).CopyTo(sums[place..]);
                for (; i < length; i++)
                {
                    for (nuint vector = 0; vector < 4; vector++)
                    {
                        sums[place + (int)vector] += Unsafe.Add(ref left, i) * Unsafe.Add(ref right, i + (vector * length));
                    }
                }
            }
        }

        for (; place < sums.Length; place++)
        {
            sums[place] = Dot(x, vectors.Slice(place * x.Length, x.Length));
        }
    }

    // There is an instruction for the products of unsigned and signed integers: the sign of one is given to the other. Two products are 2 * 127 * 127 at most, which fits into 16 bits, as no integer is -128.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products(Vector256<sbyte> a, Vector256<sbyte> b) =>
        Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Avx2.Abs(a), Avx2.Sign(b, a)), Vector256.Create((short)1));

    // A product of two 8-bit integers fits into 16 bits.
    private static Vector128<int> Products(Vector128<short> a, Vector128<short> b)
    {
        var products = a * b;
        return Vector128.WidenLower(products) + Vector128.WidenUpper(products);
    }
}
