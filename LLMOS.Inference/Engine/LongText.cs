using System.Numerics.Tensors;

namespace LLMOS.Inference.Engine;

/// <summary>
/// A text that is longer than what can be embedded at once: it is cut into chunks of nearly equal length, each a text of its own, and its embedding is their mean, weighted by
/// their tokens, at unit length again. Pure.
/// </summary>
internal static class LongText
{
    /// <summary>Cuts a text so that no chunk, with the tokens that frame it, is longer than a limit.</summary>
    /// <param name="framed">The text's tokens with those that the model wants at its begin and end.</param>
    /// <param name="content">Its tokens without them.</param>
    /// <param name="limit">Most tokens of a chunk, frame included.</param>
    /// <returns>The chunks, framed as the text was, each with the number of its tokens without the frame; none when the frame alone fills the limit.</returns>
    public static List<(int[] Tokens, int Weight)> Split(int[] framed, int[] content, int limit)
    {
        if (framed.Length <= limit)
            return [(framed, Math.Max(content.Length, 1))];
        var at = framed.AsSpan().IndexOf(content);
        var (head, tail) = at < 0 ? ([], []) : (framed[..at], framed[(at + content.Length)..]);
        // A tokenizer whose frame cannot be told from the text gives it no frame but its own.
        var text = at < 0 ? framed : content;
        var room = limit - head.Length - tail.Length;
        if (room < 1)
            return [];
        var count = (text.Length + room - 1) / room;
        var chunks = new List<(int[], int)>(count);
        for (var i = 0; i < count; i++)
        {
            var (start, end) = ((int)((long)text.Length * i / count), (int)((long)text.Length * (i + 1) / count));
            chunks.Add(([.. head, .. text.AsSpan(start, end - start), .. tail], end - start));
        }
        return chunks;
    }

    /// <summary>The embedding of a text from those of its chunks, which have unit length.</summary>
    /// <exception cref="LlamaException">They cancel each other out.</exception>
    public static float[] Average(ReadOnlySpan<float[]> embeddings, ReadOnlySpan<int> weights)
    {
        if (embeddings.Length == 1)
            return embeddings[0];
        var sum = new float[embeddings[0].Length];
        for (var i = 0; i < embeddings.Length; i++)
            TensorPrimitives.MultiplyAdd(embeddings[i], weights[i], sum, sum);
        var norm = TensorPrimitives.Norm<float>(sum);
        if (!float.IsFinite(norm) || norm == 0)
            throw new LlamaException(LlamaError.SequenceFailed, $"The embeddings of the {embeddings.Length} chunks of a long text cancel each other out: embed its parts by themselves.");
        TensorPrimitives.Divide(sum, norm, sum);
        return sum;
    }
}
