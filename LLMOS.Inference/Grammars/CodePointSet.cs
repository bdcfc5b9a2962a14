namespace LLMOS.Inference.Grammars;

/// <summary>A set of Unicode scalar values, as sorted ranges that neither touch nor overlap. Surrogates are in no set.</summary>
internal sealed class CodePointSet
{
    public const int Largest = 0x10FFFF;

    private const int FirstSurrogate = 0xD800;
    private const int LastSurrogate = 0xDFFF;

    private readonly (int First, int Last)[] _ranges;

    private CodePointSet((int First, int Last)[] ranges) => _ranges = ranges;

    public static CodePointSet Empty { get; } = new([]);

    public static CodePointSet All { get; } = Of([(0, Largest)]);

    public IReadOnlyList<(int First, int Last)> Ranges => _ranges;

    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>The only member; null when there are none or several.</summary>
    public int? Only => _ranges is [var range] && range.First == range.Last ? range.First : null;

    /// <summary>Whether all members are below a code point.</summary>
    public bool IsBelow(int codePoint) => IsEmpty || _ranges[^1].Last < codePoint;

    /// <summary>A range that ends before it begins, and what is no scalar value, adds nothing.</summary>
    public static CodePointSet Of(IEnumerable<(int First, int Last)> ranges)
    {
        var result = new List<(int First, int Last)>();
        foreach (var (first, last) in ranges.SelectMany(WithoutSurrogates).Where(range => range.First <= range.Last).OrderBy(range => range.First))
        {
            if (result.Count > 0 && first <= result[^1].Last + 1)
                result[^1] = (result[^1].First, Math.Max(result[^1].Last, last));
            else
                result.Add((first, last));
        }
        return new CodePointSet([.. result]);
    }

    public static CodePointSet Of(int codePoint) => Of([(codePoint, codePoint)]);

    public static CodePointSet Of(string characters) => Of(characters.EnumerateRunes().Select(rune => (rune.Value, rune.Value)));

    public CodePointSet Union(CodePointSet other) => Of(_ranges.Concat(other._ranges));

    public CodePointSet Complement()
    {
        var gaps = new List<(int First, int Last)>();
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            gaps.Add((next, first - 1));
            next = last + 1;
        }
        gaps.Add((next, Largest));
        return Of(gaps);
    }

    public CodePointSet Except(CodePointSet other) => Complement().Union(other).Complement();

    public bool Contains(int codePoint)
    {
        foreach (var (first, last) in _ranges)
        {
            if (codePoint <= last)
                return codePoint >= first;
        }
        return false;
    }

    private static IEnumerable<(int First, int Last)> WithoutSurrogates((int First, int Last) range)
    {
        var (first, last) = (Math.Max(range.First, 0), Math.Min(range.Last, Largest));
        if (last < FirstSurrogate || first > LastSurrogate)
            return [(first, last)];
        return [(first, FirstSurrogate - 1), (LastSurrogate + 1, last)];
    }
}
