using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace ModelForge.Tokenization;

/// <summary>
/// Turns text into the tokens that llama.cpp's SentencePiece tokenizer makes of it, and back: special tokens are cut out first; in
/// what is left, of all neighbours that together are a piece, those with the highest score become one, the leftmost of equals
/// first, until none are left; a character without a piece becomes its bytes. Safe to use from several threads.
/// </summary>
internal sealed class SpmEncoder
{
    private const int LongestCachedChunk = 48;
    private const int LargestCache = 1 << 18;

    private readonly Vocabulary _vocabulary;
    private readonly SpecialTokens _specials;
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idOf;
    private readonly int[] _bytes = new int[256];

    /// <summary>A number for each UTF-16 unit that occurs in a piece of several; 0 for the others.</summary>
    private readonly ushort[] _units = new ushort[char.MaxValue + 1];

    /// <summary>Whether two units stand side by side in some piece; where they do not, nothing is ever merged, and the text can be cut.</summary>
    private readonly bool[] _neighbours;
    private readonly int _unitCount;

    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _cached;
    private int _cacheSize;

    public SpmEncoder(Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _specials = new SpecialTokens(vocabulary.Pieces);
        _ids = new Dictionary<string, int>(vocabulary.Pieces.Count, StringComparer.Ordinal);
        for (var id = 0; id < vocabulary.Pieces.Count; id++)
            _ids.TryAdd(vocabulary.Pieces[id].Text, id);
        _idOf = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _cached = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var value = 0; value < 256; value++)
            _bytes[value] = _ids.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), vocabulary.UnknownId);

        var merged = vocabulary.Pieces.Where(piece => piece.Text.Length > 1).Select(piece => piece.Text).ToArray();
        foreach (var unit in merged.SelectMany(text => text))
        {
            if (_units[unit] == 0)
                _units[unit] = (ushort)++_unitCount;
        }

        _unitCount++;
        _neighbours = new bool[_unitCount * _unitCount];
        foreach (var text in merged)
        {
            for (var i = 1; i < text.Length; i++)
                _neighbours[_units[text[i - 1]] * _unitCount + _units[text[i]]] = true;
        }
    }

    /// <summary>The tokens of a text, without one for its beginning.</summary>
    /// <param name="text">Any text; a lone surrogate is read as U+FFFD.</param>
    /// <param name="parseControl">Whether the text of a control token, such as <c>&lt;|im_end|&gt;</c>, becomes that token.</param>
    public int[] Encode(string text, bool parseControl)
    {
        var tokens = new List<int>(text.Length / 3 + 8);
        Encode(text, parseControl, tokens);
        return [.. tokens];
    }

    /// <summary>Appends the tokens of a text to <paramref name="tokens"/>.</summary>
    public void Encode(string text, bool parseControl, List<int> tokens)
    {
        text = WellFormed(text);
        var escaped = text.Replace(' ', Vocabulary.Space);
        foreach (var part in _specials.Split(text, parseControl))
        {
            if (part.Token == TextPart.Text)
                EncodeText(escaped.AsSpan(part.Start, part.Length), tokens);
            else
                tokens.Add(part.Token);
        }
    }

    /// <summary>The text of tokens; control tokens have none, and bytes that are no UTF-8 become U+FFFD.</summary>
    public string Decode(params ReadOnlySpan<int> tokens)
    {
        using var bytes = new MemoryStream();
        foreach (var token in tokens)
        {
            var piece = _vocabulary.Pieces[token];
            switch (piece.Type)
            {
                case TokenType.Normal:
                    bytes.Write(Encoding.UTF8.GetBytes(piece.Text.Replace(Vocabulary.Space, ' ')));
                    break;
                case TokenType.UserDefined:
                    bytes.Write(Encoding.UTF8.GetBytes(piece.Text));
                    break;
                case TokenType.Byte:
                    bytes.WriteByte(byte.Parse(piece.Text.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    break;
            }
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private void EncodeText(ReadOnlySpan<char> text, List<int> tokens)
    {
        var start = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i < text.Length && (char.IsLowSurrogate(text[i]) || _neighbours[_units[text[i - 1]] * _unitCount + _units[text[i]]]))
                continue;
            EncodeChunk(text[start..i], tokens);
            start = i;
        }
    }

    private void EncodeChunk(ReadOnlySpan<char> chunk, List<int> tokens)
    {
        if (_cached.TryGetValue(chunk, out var known))
        {
            tokens.AddRange(known);
            return;
        }

        var first = tokens.Count;
        Merge(chunk, tokens);
        if (chunk.Length <= LongestCachedChunk && _cacheSize < LargestCache)
        {
            _cached.TryAdd(chunk, [.. tokens.Skip(first)]);
            Interlocked.Increment(ref _cacheSize);
        }
    }

    private void Merge(ReadOnlySpan<char> chunk, List<int> tokens)
    {
        var symbols = Characters(chunk);
        var queue = new PriorityQueue<Pair, (float Rank, int Left)>();
        for (var right = 1; right < symbols.Length; right++)
            Offer(chunk, symbols, queue, right - 1, right);
        while (queue.TryDequeue(out var pair, out _))
        {
            ref var left = ref symbols[pair.Left];
            ref var right = ref symbols[pair.Right];
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length)
                continue;
            left.Length += right.Length;
            right.Length = 0;
            left.Next = right.Next;
            if (right.Next >= 0)
                symbols[right.Next].Previous = pair.Left;
            Offer(chunk, symbols, queue, left.Previous, pair.Left);
            Offer(chunk, symbols, queue, pair.Left, left.Next);
        }

        for (var i = 0; i >= 0; i = symbols[i].Next)
            Emit(chunk.Slice(symbols[i].Start, symbols[i].Length), tokens);
    }

    private static Symbol[] Characters(ReadOnlySpan<char> chunk)
    {
        var symbols = new List<Symbol>(chunk.Length);
        for (var start = 0; start < chunk.Length;)
        {
            var length = char.IsHighSurrogate(chunk[start]) ? 2 : 1;
            symbols.Add(new Symbol { Start = start, Length = length, Previous = symbols.Count - 1, Next = symbols.Count + 1 });
            start += length;
        }

        var array = symbols.ToArray();
        array[^1].Next = -1;
        return array;
    }

    private void Offer(ReadOnlySpan<char> chunk, Symbol[] symbols, PriorityQueue<Pair, (float Rank, int Left)> queue, int left, int right)
    {
        if (left < 0 || right < 0)
            return;
        var length = symbols[left].Length + symbols[right].Length;
        if (_idOf.TryGetValue(chunk.Slice(symbols[left].Start, length), out var id))
            queue.Enqueue(new Pair(left, right, length), (-_vocabulary.Pieces[id].Score, left));
    }

    private void Emit(ReadOnlySpan<char> symbol, List<int> tokens)
    {
        if (_idOf.TryGetValue(symbol, out var id))
        {
            tokens.Add(id);
            return;
        }

        Span<byte> utf8 = stackalloc byte[4];
        foreach (var value in utf8[..Encoding.UTF8.GetBytes(symbol, utf8)])
            tokens.Add(_bytes[value]);
    }

    /// <summary>The text with lone surrogates replaced, as when it is encoded in UTF-8.</summary>
    private static string WellFormed(string text) =>
        text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private readonly record struct Pair(int Left, int Right, int Length);

    private struct Symbol
    {
        public int Start;
        public int Length;
        public int Previous;
        public int Next;
    }
}
