namespace LLMOS.Inference.Speculation;

/// <summary>
/// Guesses what comes next from what a sequence says already: where its last few tokens occurred before, what followed them there. Once it has found the place it keeps to it,
/// over tokens that were replaced or left out, so that a copy with edits is followed all the way.
/// </summary>
/// <remarks>Prompt lookup decoding (Saxena, 2023), with a place that is kept.</remarks>
internal sealed class PromptLookup
{
    /// <summary>Tokens that must have occurred before.</summary>
    private const int Shortest = 3;

    /// <summary>An occurrence whose surroundings agree for so long needs no better one.</summary>
    private const int Longest = 16;

    /// <summary>Occurrences looked at.</summary>
    private const int MostOccurrences = 8;

    /// <summary>How far ahead a left-out passage may end.</summary>
    private const int MostSkipped = 8;

    /// <summary>Wrong guesses in a row after which the place is given up.</summary>
    private const int MostMisses = 3;

    private const int Nowhere = -1;

    private int _place = Nowhere;
    private int _seen;
    private int _misses;

    /// <summary>Writes what is likely to follow a sequence's tokens. Returns how many tokens; 0 when nothing is known.</summary>
    public int Guess(ReadOnlySpan<int> history, Span<int> guess)
    {
        Follow(history);
        if (_place == Nowhere)
            return 0;
        for (var i = 0; i < guess.Length; i++)
        {
            // Past the end it goes on with its own guess, as repetition does.
            var place = _place + i;
            guess[i] = place < history.Length ? history[place] : guess[place - history.Length];
        }
        return guess.Length;
    }

    private void Follow(ReadOnlySpan<int> history)
    {
        if (_place == Nowhere || _seen > history.Length)
        {
            Find(history);
            return;
        }
        for (; _seen < history.Length; _seen++)
        {
            if (history[_seen] == history[_place])
            {
                _place++;
                _misses = 0;
                continue;
            }
            if (++_misses > MostMisses)
            {
                Find(history);
                return;
            }
            var ahead = history.Slice(_place + 1, Math.Min(MostSkipped, _seen - _place - 1));
            _place += ahead.IndexOf(history[_seen]) is >= 0 and var skipped ? skipped + 2 : 1;
            if (_place >= _seen + 1)
            {
                Find(history);
                return;
            }
        }
    }

    private void Find(ReadOnlySpan<int> history)
    {
        (_place, _seen, _misses) = (Nowhere, history.Length, 0);
        if (history.Length <= Shortest)
            return;
        var last = history[^Shortest..];
        var (end, longest) = (history.Length - 1, 0);
        for (var occurrence = 0; occurrence < MostOccurrences && longest < Longest; occurrence++)
        {
            var start = history[..end].LastIndexOf(last);
            if (start < 0)
                return;
            var after = start + Shortest;
            var common = CommonEnd(history[..start], history[..^Shortest]);
            if (common >= longest)
                (_place, longest) = (common > longest || _place == Nowhere ? after : _place, common);
            end = start + Shortest - 1;
        }
    }

    private static int CommonEnd(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        var limit = Math.Min(Longest, Math.Min(x.Length, y.Length));
        var count = 0;
        while (count < limit && x[^(count + 1)] == y[^(count + 1)])
            count++;
        return count;
    }
}
