namespace LLMOS.Inference.Text;

/// <summary>
/// Ends a text before the stop text that is complete first (of two that are complete at once, before the longer one), however the text is cut
/// into pieces. Holds back what may be the beginning of one.
/// </summary>
internal sealed class StopTextMatcher(IReadOnlyList<string> stops)
{
    private string _held = "";

    /// <summary>Takes a piece and gives what can be shown of it.</summary>
    /// <param name="piece">The next piece of text.</param>
    /// <param name="stopped">Whether a stop text was reached; the text ends with what is returned.</param>
    public string Push(string piece, out bool stopped)
    {
        stopped = false;
        if (stops.Count == 0 || (piece.Length == 0 && _held.Length == 0))
            return piece;
        var text = _held.Length == 0 ? piece : _held + piece;
        var (begin, end) = (0, int.MaxValue);
        foreach (var stop in stops)
        {
            var at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && (at + stop.Length < end || (at + stop.Length == end && at < begin)))
                (begin, end) = (at, at + stop.Length);
        }
        if (end < int.MaxValue)
        {
            stopped = true;
            _held = "";
            return text[..begin];
        }
        var kept = LongestBeginning(text);
        _held = text[^kept..];
        return text[..^kept];
    }

    /// <summary>What was held back, when no more text comes.</summary>
    public string Finish()
    {
        var held = _held;
        _held = "";
        return held;
    }

    /// <summary>The length of the longest end of the text that begins a stop text.</summary>
    private int LongestBeginning(string text)
    {
        var longest = 0;
        foreach (var stop in stops)
        {
            for (var length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                {
                    longest = length;
                    break;
                }
            }
        }
        return longest;
    }
}
