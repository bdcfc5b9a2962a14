namespace LLMOS.SystemInterface.Syscalls;

/// <summary>A word of a sentence, or a single character that is no letter or digit.</summary>
/// <param name="Start">Where it begins in the normalised sentence.</param>
/// <param name="Text">Its characters.</param>
/// <param name="AfterSpace">Whether a space stands before it.</param>
internal readonly record struct SentenceUnit(int Start, string Text, bool AfterSpace)
{
    /// <summary>The units of a sentence, in order.</summary>
    public static IReadOnlyList<SentenceUnit> Of(string sentence)
    {
        var units = new List<SentenceUnit>();
        for (var i = 0; i < sentence.Length;)
        {
            if (sentence[i] == ' ')
            {
                i++;
                continue;
            }

            var end = i + 1;
            if (char.IsLetterOrDigit(sentence[i]))
            {
                // Letters and digits apart: "25gb" has a number in it.
                while (end < sentence.Length && char.IsLetterOrDigit(sentence[end]) && char.IsDigit(sentence[end]) == char.IsDigit(sentence[i]))
                    end++;
            }
            else if (char.IsHighSurrogate(sentence[i]) && end < sentence.Length && char.IsLowSurrogate(sentence[end]))
            {
                end++;
            }

            units.Add(new SentenceUnit(i, sentence[i..end], i > 0 && sentence[i - 1] == ' '));
            i = end;
        }

        return units;
    }
}
