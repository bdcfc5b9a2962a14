using System.Numerics.Tensors;
using System.Text;
using LLMOS.Kernel.Memory;

namespace LLMOS.Cognition.Embeddings;

/// <summary>
/// A lexical embedder: words and their letter trigrams, hashed with a sign into the dimensions (feature hashing,
/// Weinberger et al. 2009), weighted by the square root of how often they occur. Texts with common words or common word
/// stems are near each other; it knows nothing of meaning beyond that. It needs no model and takes microseconds.
/// </summary>
public sealed class HashingEmbedder : IVectorSpace
{
    public const int DefaultDimension = 256;

    // A whole word says more than one of its trigrams.
    private const float WordWeight = 1f;
    private const float TrigramWeight = 0.35f;

    public HashingEmbedder(int dimension = DefaultDimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 16);
        Dimension = dimension;
    }

    public string Identity => $"lexical-hash-1/{Dimension}";

    public int Dimension { get; }

    public float[] Embed(ReadOnlySpan<char> text)
    {
        Dictionary<uint, float> features = [];
        Span<char> word = stackalloc char[64];
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) && length + 4 < word.Length)
            {
                length += Rune.ToLowerInvariant(rune).EncodeToUtf16(word[(length + 1)..]);
            }
            else if (length > 0)
            {
                AddWord(features, word, length);
                length = 0;
            }
        }

        if (length > 0)
        {
            AddWord(features, word, length);
        }

        var vector = new float[Dimension];
        foreach (var (hash, weight) in features)
        {
            vector[(hash >> 1) % (uint)Dimension] += (hash & 1) == 0 ? MathF.Sqrt(weight) : -MathF.Sqrt(weight);
        }

        var norm = TensorPrimitives.Norm<float>(vector);
        if (norm > 0)
        {
            TensorPrimitives.Divide(vector, norm, vector);
        }

        return vector;
    }

    private static void AddWord(Dictionary<uint, float> features, Span<char> buffer, int length)
    {
        buffer[0] = '<';
        buffer[length + 1] = '>';
        var bounded = buffer[..(length + 2)];
        Add(features, Hash(bounded), WordWeight);
        for (var i = 0; i + 3 <= bounded.Length; i++)
        {
            Add(features, Hash(bounded.Slice(i, 3)), TrigramWeight * TrigramWeight);
        }
    }

    private static void Add(Dictionary<uint, float> features, uint hash, float weight) =>
        features[hash] = features.GetValueOrDefault(hash) + weight;

    // FNV-1a with a final mix: stable over processes and platforms, which string.GetHashCode is not.
    private static uint Hash(ReadOnlySpan<char> text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 16777619u;
        }

        hash ^= hash >> 16;
        hash *= 0x85ebca6bu;
        return hash ^ (hash >> 13);
    }
}
