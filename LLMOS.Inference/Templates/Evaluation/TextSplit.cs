using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Cuts texts into parts; each part keeps where its characters came from.</summary>
internal static class TextSplit
{
    public static List<Value> At(TextValue text, string separator, int most, RenderBudget budget)
    {
        var (parts, at) = (new List<Value>(), 0);
        while (parts.Count < most && text.Text.IndexOf(separator, at, StringComparison.Ordinal) is >= 0 and var next)
        {
            Add(parts, text, at, next, budget);
            at = next + separator.Length;
        }
        Add(parts, text, at, text.Length, budget);
        return parts;
    }

    public static List<Value> AtFromEnd(TextValue text, string separator, int most, RenderBudget budget)
    {
        var (parts, end) = (new List<Value>(), text.Length);
        while (parts.Count < most && text.Text.AsSpan(0, end).LastIndexOf(separator, StringComparison.Ordinal) is >= 0 and var next)
        {
            Add(parts, text, next + separator.Length, end, budget);
            end = next;
        }
        Add(parts, text, 0, end, budget);
        parts.Reverse();
        return parts;
    }

    /// <summary>Cuts at white space of any length and gives no empty part.</summary>
    public static List<Value> Words(TextValue text, int most, RenderBudget budget)
    {
        budget.Read(text.Length);
        var (parts, at) = (new List<Value>(), 0);
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text.Text[at]))
                at++;
            if (at == text.Length)
                return parts;
            var begin = at;
            if (parts.Count == most)
            {
                Add(parts, text, begin, text.Length, budget);
                return parts;
            }
            while (at < text.Length && !char.IsWhiteSpace(text.Text[at]))
                at++;
            Add(parts, text, begin, at, budget);
        }
    }

    public static List<Value> WordsFromEnd(TextValue text, int most, RenderBudget budget)
    {
        budget.Read(text.Length);
        var (parts, at) = (new List<Value>(), text.Length);
        while (true)
        {
            while (at > 0 && char.IsWhiteSpace(text.Text[at - 1]))
                at--;
            if (at == 0)
                break;
            var end = at;
            if (parts.Count == most)
            {
                Add(parts, text, 0, end, budget);
                break;
            }
            while (at > 0 && !char.IsWhiteSpace(text.Text[at - 1]))
                at--;
            Add(parts, text, at, end, budget);
        }
        parts.Reverse();
        return parts;
    }

    public static List<Value> Lines(TextValue text, bool keepEnds, RenderBudget budget)
    {
        budget.Read(text.Length);
        var (parts, at) = (new List<Value>(), 0);
        while (at < text.Length)
        {
            var end = text.Text.AsSpan(at).IndexOfAny('\n', '\r');
            end = end < 0 ? text.Length : end + at;
            var next = Math.Min(text.Length, end + (end + 1 < text.Length && text.Text[end] == '\r' && text.Text[end + 1] == '\n' ? 2 : 1));
            Add(parts, text, at, keepEnds ? next : end, budget);
            at = next;
        }
        return parts;
    }

    private static void Add(List<Value> parts, TextValue text, int from, int to, RenderBudget budget)
    {
        budget.Write(to - from, to - from);
        parts.Add(text.Slice(from, to - from));
    }
}
