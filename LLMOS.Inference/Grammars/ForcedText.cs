using System.Buffers;
using System.Text;
using LLMOS.Inference.Models;

namespace LLMOS.Inference.Grammars;

/// <summary>
/// Follows an answer through its grammar token by token and finds the tokens that may come next where the grammar leaves one text only: those
/// that spell a beginning of that text. It looks at a handful of neighbours in a sorted vocabulary and, where the grammar leaves a choice, at none. For one thread.
/// </summary>
internal sealed class ForcedText(GbnfMatcher matcher, PieceIndex pieces)
{
    /// <summary>A grammar at more places at once costs more to follow than it can win.</summary>
    private const int MostPlaces = 256;

    /// <summary>How far to look ahead, in characters.</summary>
    private const int MostCharacters = 64;

    /// <summary>Tokens that begin with all of the text that is left; with more of them it is left to the logits.</summary>
    private const int MostLonger = 32;

    private const int LongestCharacter = 4;

    private readonly NarrowChoice _narrow = new(matcher, pieces);
    private readonly byte[] _begun = new byte[LongestCharacter];
    private readonly List<int> _candidates = [];
    private byte[] _ahead = [];
    private int _aheadStart;
    private int _begunLength;
    private bool _looked;

    /// <summary>Whether the text could not be followed to where it is, so that nothing is known any more.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether the text is complete and nothing can be added to it.</summary>
    public bool OnlyEnds => !IsLost && _begunLength == 0 && matcher is { AllowsEnd: true, Places: 0 };

    /// <summary>What is known to follow, as bytes; empty where there is a choice.</summary>
    private ReadOnlySpan<byte> Ahead => _ahead.AsSpan(_aheadStart);

    /// <summary>Goes on by the bytes of a token, which the grammar allows.</summary>
    public void Accept(ReadOnlySpan<byte> piece)
    {
        if (IsLost)
            return;
        _aheadStart = Ahead.StartsWith(piece) ? _aheadStart + piece.Length : _ahead.Length;
        _looked = _aheadStart < _ahead.Length;
        try
        {
            IsLost = !Follow(piece) || matcher.Places > MostPlaces;
        }
        catch (LlamaException)
        {
            IsLost = true;
        }
    }

    /// <summary>Gives up: what is known here does not agree with llama.cpp.</summary>
    public void Lose() => IsLost = true;

    /// <summary>All tokens that may come next, when the grammar leaves one text; else false. They stay valid until the next call.</summary>
    public bool TryCandidates(out IReadOnlyList<int> candidates)
    {
        candidates = _candidates;
        _candidates.Clear();
        if (!LookAhead())
            return false;
        var range = pieces.All;
        foreach (var next in Ahead)
        {
            range = pieces.Narrow(range, next);
            if (range.Count == 0)
                return true;
            for (var i = pieces.Ending(range); i > 0; i--)
                _candidates.Add(pieces.Token(range.First + i - 1));
        }
        return AddLonger(range);
    }

    /// <summary>
    /// Some tokens among which are all that may come next but for those that end the text, where the grammar leaves a few characters to choose from; else false. They stay valid until the next call.
    /// </summary>
    public bool TryNarrow(out IReadOnlyList<int> candidates)
    {
        candidates = [];
        return !IsLost && _begunLength == 0 && _narrow.TryFind(out candidates);
    }

    /// <summary>Writes the text that follows as tokens, the longest first; the tokenizer's own choice, but for rare words.</summary>
    /// <returns>How many there are.</returns>
    public int Draft(Span<int> tokens)
    {
        if (!LookAhead())
            return 0;
        var count = 0;
        var rest = Ahead;
        while (count < tokens.Length && Longest(rest) is var (token, length) && length > 0)
        {
            tokens[count++] = token;
            rest = rest[length..];
        }
        return count;
    }

    private (int Token, int Length) Longest(ReadOnlySpan<byte> text)
    {
        var (range, longest) = (pieces.All, (0, 0));
        foreach (var next in text)
        {
            range = pieces.Narrow(range, next);
            // Of tokens with equal bytes the last: the first is the one that stands for a lone byte.
            if (pieces.Ending(range) is > 0 and var ending)
                longest = (pieces.Token(range.First + ending - 1), range.Length);
            if (range.Count == 0)
                break;
        }
        return longest;
    }

    private bool LookAhead()
    {
        if (!_looked && !IsLost)
        {
            _looked = true;
            (_ahead, _aheadStart) = (matcher.TryForced(out var text, MostCharacters) ? Encoding.UTF8.GetBytes(text) : [], 0);
            _aheadStart = Ahead.StartsWith(_begun.AsSpan(0, _begunLength)) ? _begunLength : _ahead.Length;
        }
        return !IsLost && _aheadStart < _ahead.Length;
    }

    /// <summary>Adds the tokens that go on past the text that is known. False when that cannot be told cheaply.</summary>
    private bool AddLonger(PieceRange range)
    {
        var first = range.First + pieces.Ending(range);
        if (range.End - first > MostLonger)
            return false;
        for (var place = first; place < range.End; place++)
        {
            byte[] bytes = [.. _begun.AsSpan(0, _begunLength), .. pieces.Piece(place)];
            if (!TryText(bytes, out var text))
                return false;
            if (matcher.Copy().Accept(text))
                _candidates.Add(pieces.Token(place));
        }
        return true;
    }

    private static bool TryText(ReadOnlySpan<byte> bytes, out string text)
    {
        var result = new StringBuilder();
        while (!bytes.IsEmpty && Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done)
        {
            result.Append(rune.ToString());
            bytes = bytes[length..];
        }
        text = result.ToString();
        return bytes.IsEmpty;
    }

    private bool Follow(ReadOnlySpan<byte> piece)
    {
        byte[]? joined = _begunLength > 0 ? [.. _begun.AsSpan(0, _begunLength), .. piece] : null;
        var rest = joined ?? piece;
        _begunLength = 0;
        while (!rest.IsEmpty)
        {
            switch (Rune.DecodeFromUtf8(rest, out var rune, out var length))
            {
                case OperationStatus.Done when matcher.Accept(rune):
                    rest = rest[length..];
                    break;
                case OperationStatus.NeedMoreData:
                    rest.CopyTo(_begun);
                    _begunLength = rest.Length;
                    return true;
                default:
                    return false;
            }
        }
        return true;
    }
}
