using System.Numerics;
using System.Numerics.Tensors;

namespace LLMOS.Inference.Sampling;

/// <summary>Finds the largest logits without sorting or copying the vocabulary: one vectorised pass against a rising threshold.</summary>
internal static class CandidateSelection
{
    /// <summary>How far the buffers reach past the tokens kept.</summary>
    public const int Slack = 256;

    /// <summary>Writes the <paramref name="k"/> largest finite logits in falling order; the smaller id first among equals that straddle the cut.</summary>
    /// <param name="logits">A logit for each token.</param>
    /// <param name="k">Between 1 and the number of logits.</param>
    /// <param name="ids">Room for <paramref name="k"/> + <see cref="Slack"/> tokens.</param>
    /// <param name="values">The same room for their logits.</param>
    /// <returns>How many there are: fewer than <paramref name="k"/> when fewer are above negative infinity.</returns>
    public static int Top(ReadOnlySpan<float> logits, int k, Span<int> ids, Span<float> values)
    {
        var capacity = Math.Min(k + Slack, Math.Min(ids.Length, values.Length));
        var threshold = float.NegativeInfinity;
        var count = 0;
        var width = Vector<float>.Count;
        var i = 0;
        for (; i + width <= logits.Length; i += width)
        {
            if (!Vector.GreaterThanAny(new Vector<float>(logits[i..]), new Vector<float>(threshold)))
                continue;
            for (var j = i; j < i + width; j++)
                Offer(logits[j], j, k, capacity, ids, values, ref count, ref threshold);
        }
        for (; i < logits.Length; i++)
            Offer(logits[i], i, k, capacity, ids, values, ref count, ref threshold);
        count = Keep(k, ids, values, count);
        TensorPrimitives.Negate(values[..count], values[..count]);
        return count;
    }

    /// <summary>Writes all tokens whose logit is above negative infinity and at least <paramref name="minimum"/>, by id.</summary>
    public static int AtLeast(ReadOnlySpan<float> logits, float minimum, Span<int> ids, Span<float> values)
    {
        var count = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            if (logits[i] >= minimum && logits[i] > float.NegativeInfinity)
            {
                ids[count] = i;
                values[count++] = logits[i];
            }
        }
        return count;
    }

    private static void Offer(float logit, int id, int k, int capacity, Span<int> ids, Span<float> values, ref int count, ref float threshold)
    {
        if (!(logit > threshold))
            return;
        if (count == capacity)
        {
            count = Keep(k, ids, values, count);
            threshold = -values[count - 1];
            if (!(logit > threshold))
                return;
        }
        ids[count] = id;
        values[count++] = -logit;
    }

    /// <summary>Sorts what is there and keeps the best. The values are negated meanwhile, since sorting without a comparer is several times as fast.</summary>
    private static int Keep(int k, Span<int> ids, Span<float> values, int count)
    {
        values[..count].Sort(ids[..count]);
        return Math.Min(k, count);
    }
}
