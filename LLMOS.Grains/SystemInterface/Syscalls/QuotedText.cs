namespace LLMOS.SystemInterface.Syscalls;

/// <summary>What of a sentence stands in quotes: it is one thing that is said, and no order of its own.</summary>
internal static class QuotedText
{
    /// <summary>For each unit the number of the quotation that it stands in, from 1; 0 outside, for the quotes themselves, and where all of the sentence is quoted.</summary>
    public static int[] In(IReadOnlyList<SentenceUnit> units)
    {
        var quoted = new int[units.Count];
        var count = 0;
        for (var open = 0; open < units.Count; open++)
        {
            if (!IsOpening(units, open) || Closing(units, open) is not { } close)
                continue;
            count++;
            for (var i = open + 1; i < close; i++)
                quoted[i] = count;
            if (open == 0 && close == units.Count - 1)
                return new int[units.Count];
            open = close;
        }

        return quoted;
    }

    /// <summary>Whether two quotes stand around nothing.</summary>
    public static bool IsEmptyIn(IReadOnlyList<SentenceUnit> units)
    {
        for (var i = 0; i + 1 < units.Count; i++)
        {
            if (!IsOpening(units, i))
                continue;
            if (units[i + 1].Text == units[i].Text && EndsWord(units, i + 1))
                return true;
            i = Closing(units, i) ?? i;
        }

        return false;
    }

    private static bool IsOpening(IReadOnlyList<SentenceUnit> units, int index) =>
        IsMark(units[index]) && (index == 0 || units[index].AfterSpace || units[index - 1].Text is "(" or "[" or ":" or "=");

    /// <summary>The next mark of the same kind behind which a word ends: an apostrophe within one closes nothing.</summary>
    private static int? Closing(IReadOnlyList<SentenceUnit> units, int open)
    {
        for (var i = open + 2; i < units.Count; i++)
        {
            if (units[i].Text == units[open].Text && !units[i].AfterSpace && EndsWord(units, i))
                return i;
        }

        return null;
    }

    private static bool EndsWord(IReadOnlyList<SentenceUnit> units, int index) =>
        index + 1 == units.Count || units[index + 1].AfterSpace || !char.IsLetterOrDigit(units[index + 1].Text[0]);

    private static bool IsMark(SentenceUnit unit) => unit.Text is "\"" or "'" or "`";
}
