namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Positions of a text as Python counts them: a character outside the basic plane is one, not two.</summary>
internal static class CodePoints
{
    public static int Count(string text)
    {
        var pairs = 0;
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (IsPair(text, i))
            {
                pairs++;
                i++;
            }
        }
        return text.Length - pairs;
    }

    /// <summary>Where each character begins, and where the text ends.</summary>
    public static int[] Starts(string text)
    {
        var starts = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i++)
        {
            starts.Add(i);
            if (IsPair(text, i))
                i++;
        }
        starts.Add(text.Length);
        return [.. starts];
    }

    /// <summary>The number of the character at a place of the text.</summary>
    public static int IndexOf(string text, int at) => Count(text[..at]);

    private static bool IsPair(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
}
