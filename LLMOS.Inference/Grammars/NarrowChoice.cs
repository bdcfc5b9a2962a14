using System.Text;
using LLMOS.Inference.Models;

namespace LLMOS.Inference.Grammars;

/// <summary>
/// Finds the few tokens among which are all that may come next, where a grammar allows few characters, such as the digits of a number: it walks
/// the grammar and a vocabulary sorted by bytes together, and goes only where both go. Where it does not look closer it keeps what begins alike, so
/// that what it finds is to be checked, and nothing is missed. For one thread.
/// </summary>
internal sealed class NarrowChoice(GbnfMatcher matcher, PieceIndex pieces)
{
    /// <summary>With more tokens than this, or more places in the grammar to follow, the whole vocabulary may as well be looked at.</summary>
    private const int MostTokens = 1024;

    private const int MostWalked = 256;

    /// <summary>A grammar at more places than this before a character is not followed through it.</summary>
    private const int MostPlaces = 32;

    private const int FirstNotAscii = 0x80;

    private readonly List<int> _tokens = [];
    private readonly int _mostTokens = Math.Min(MostTokens, pieces.All.Count / 4);
    private int _walked;

    /// <summary>False where they are too many. The tokens stay valid until the next call; those that end a text are not among them.</summary>
    public bool TryFind(out IReadOnlyList<int> tokens)
    {
        _tokens.Clear();
        _walked = 0;
        tokens = _tokens;
        return Walk(matcher.Stacks, pieces.All);
    }

    private bool Walk(GbnfStacks stacks, PieceRange range)
    {
        var ending = range.Length == 0 ? 0 : pieces.Ending(range);
        if (ending == range.Count)
            return Keep(range);
        if (!IsNarrow(stacks) || ++_walked > MostWalked)
            return Keep(range);
        if (!Keep(range with { End = range.First + ending }))
            return false;
        for (var character = 1; character < FirstNotAscii; character++)
        {
            if (!stacks.Allows(character) || pieces.Narrow(range, (byte)character) is not { Count: > 0 } next)
                continue;
            var goesOn = pieces.Ending(next) < next.Count;
            var kept = goesOn && matcher.After(stacks, new Rune(character)) is { } after ? Walk(after, next) : Keep(next);
            if (!kept)
                return false;
        }
        return true;
    }

    private static bool IsNarrow(GbnfStacks stacks)
    {
        if (stacks.Heads.Count > MostPlaces)
            return false;
        foreach (var (node, _) in stacks.Heads)
        {
            if (!node.Characters.IsBelow(FirstNotAscii))
                return false;
        }
        return true;
    }

    private bool Keep(PieceRange range)
    {
        if (_tokens.Count + range.Count > _mostTokens)
            return false;
        for (var place = range.First; place < range.End; place++)
            _tokens.Add(pieces.Token(place));
        return true;
    }
}
