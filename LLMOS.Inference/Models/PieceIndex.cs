namespace LLMOS.Inference.Models;

/// <summary>A vocabulary's tokens sorted by their bytes, so that those that begin alike are neighbours, the shorter ones first. Safe to use from any thread.</summary>
internal sealed class PieceIndex
{
    private readonly byte[][] _pieces;
    private readonly int[] _tokens;

    /// <param name="pieces">Tokens and their bytes; those without bytes, and those that begin with a zero, are left out, since no grammar takes them.</param>
    public PieceIndex(IEnumerable<(int Token, byte[] Bytes)> pieces)
    {
        var sorted = pieces.Where(piece => piece.Bytes is [not 0, ..]).ToArray();
        Array.Sort(sorted, static (x, y) =>
        {
            var order = x.Bytes.AsSpan().SequenceCompareTo(y.Bytes);
            return order != 0 ? order : x.Token.CompareTo(y.Token);
        });
        _pieces = [.. sorted.Select(piece => piece.Bytes)];
        _tokens = [.. sorted.Select(piece => piece.Token)];
    }

    /// <summary>All tokens.</summary>
    public PieceRange All => new(0, _tokens.Length, 0);

    public int Token(int place) => _tokens[place];

    public ReadOnlySpan<byte> Piece(int place) => _pieces[place];

    /// <summary>Those of a range that go on with a byte.</summary>
    public PieceRange Narrow(PieceRange range, byte next)
    {
        var first = FirstAtLeast(range, next);
        var end = next == byte.MaxValue ? range.End : FirstAtLeast(range with { First = first }, next + 1);
        return new PieceRange(first, end, range.Length + 1);
    }

    /// <summary>How many of a range are no longer than what they have in common; they come first.</summary>
    public int Ending(PieceRange range)
    {
        var place = range.First;
        while (place < range.End && _pieces[place].Length == range.Length)
            place++;
        return place - range.First;
    }

    private int FirstAtLeast(PieceRange range, int next)
    {
        var (low, high) = (range.First, range.End);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var piece = _pieces[middle];
            if (piece.Length <= range.Length || piece[range.Length] < next)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
