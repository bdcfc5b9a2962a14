using System.Numerics.Tensors;
using System.Text.RegularExpressions;

namespace LLMOS.Kernel.Memory.Paging;

/// <summary>
/// A summary without a model: the sentences that are nearest to the whole text (the centroid method, Radev et al. 2000), those with numbers and names before others, in their order.
/// </summary>
public static partial class ExtractiveSummary
{
    private const float NumberWeight = 2;
    private const float NameWeight = 1.5f;
    private const float LeastShare = 0.4f;

    /// <param name="text">What is summarised.</param>
    /// <param name="maxTokens">What the summary may take, by <see cref="TokenEstimate"/>.</param>
    /// <param name="space">Where sentences are near to each other.</param>
    /// <returns>Sentences of the text, or the beginning of one when none is short enough.</returns>
    public static string Of(string text, int maxTokens, IVectorSpace space)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(space);
        var sentences = SentenceEnd().Split(text).Select(sentence => sentence.Trim()).Where(sentence => sentence.Length > 0).ToList();
        if (sentences.Count == 0 || maxTokens <= 0)
        {
            return "";
        }

        var whole = space.Embed(text);
        var ranked = sentences
            .Select((sentence, place) => (Place: place, Tokens: TokenEstimate.Of(sentence) + 1, Weight: Weight(sentence, whole, space)))
            .OrderByDescending(sentence => sentence.Weight)
            .ThenBy(sentence => sentence.Place);
        var left = maxTokens;
        var least = 0f;
        var chosen = new SortedSet<int>();
        var said = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (place, tokens, weight) in ranked)
        {
            // What is far from the best is not worth the room, though there may be some left.
            least = Math.Max(least, weight * LeastShare);
            if (weight >= least && tokens <= left && said.Add(sentences[place]))
            {
                chosen.Add(place);
                left -= tokens;
            }
        }

        return chosen.Count > 0 ? string.Join(' ', chosen.Select(place => sentences[place])) : Beginning(sentences[0], maxTokens);
    }

    private static float Weight(string sentence, float[] whole, IVectorSpace space)
    {
        var weight = TensorPrimitives.Dot(space.Embed(sentence), whole);
        weight *= Number().IsMatch(sentence) ? NumberWeight : 1;
        return weight * (Name().IsMatch(sentence) ? NameWeight : 1);
    }

    private static string Beginning(string sentence, int maxTokens)
    {
        var words = sentence.Split(' ');
        var count = words.Length;
        while (count > 1 && TokenEstimate.Of(string.Join(' ', words[..count])) + 1 > maxTokens)
        {
            count--;
        }

        return $"{string.Join(' ', words[..count])} …";
    }

    [GeneratedRegex(@"(?<=[.!?。！？])\s+|\n+")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\d")]
    private static partial Regex Number();

    // A capital within a sentence; the first word has one in any case.
    [GeneratedRegex(@"\s\p{Lu}")]
    private static partial Regex Name();
}
