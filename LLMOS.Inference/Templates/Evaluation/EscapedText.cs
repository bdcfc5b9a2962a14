using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Copies a text with some of its characters replaced; what replaces a character comes from where that came from.</summary>
internal static class EscapedText
{
    /// <param name="source">The text.</param>
    /// <param name="target">Where it is copied to.</param>
    /// <param name="escape">What a character becomes; null when it stays.</param>
    public static void Write(TextValue source, TextBuilder target, Func<char, string?> escape)
    {
        var at = 0;
        foreach (var run in source.Runs)
        {
            var (plain, end) = (at, run.End);
            for (; at < end; at++)
            {
                if (escape(source.Text[at]) is not { } escaped)
                    continue;
                target.Append(source, plain, at - plain);
                target.Append(escaped, run.IsData);
                plain = at + 1;
            }
            target.Append(source, plain, end - plain);
        }
    }
}
