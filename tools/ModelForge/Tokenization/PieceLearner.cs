namespace ModelForge.Tokenization;

/// <summary>
/// Finds pieces by merging what stands side by side most often (byte pair encoding). Pairs are counted by the text that they make,
/// because that is all the encoder looks at: after each new piece every word is cut as the encoder would cut it.
/// </summary>
internal sealed class PieceLearner
{
    private const int LongestPiece = 16;
    private const int LeastCount = 2;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    /// <summary>By the id of a text: how often two neighbours make it, and in which words.</summary>
    private readonly List<long> _counts = [];
    private readonly List<List<int>?> _places = [];

    /// <summary>By the id of a text: when it became a piece; 0 when it has not.</summary>
    private readonly List<int> _ranks = [];

    private readonly Dictionary<(int Left, int Right), int> _joined = [];
    private readonly List<List<int>> _words = [];
    private readonly List<long> _wordCounts = [];
    private int _learned;

    /// <summary>Takes the words; a character without a token divides them.</summary>
    public PieceLearner(IReadOnlyDictionary<string, long> words, IEnumerable<string> characters)
    {
        var known = characters.Where(character => character.Length == 1).Select(character => character[0]).ToHashSet();
        foreach (var (word, count) in words)
        {
            var symbols = new List<int>(word.Length);
            foreach (var character in word)
            {
                if (known.Contains(character))
                {
                    symbols.Add(Id(character.ToString()));
                    continue;
                }

                AddWord(symbols, count);
                symbols = [];
            }

            AddWord(symbols, count);
        }
    }

    /// <summary>The next piece; null when no two neighbours make the same text twice.</summary>
    public string? Next()
    {
        var best = -1;
        for (var id = 0; id < _counts.Count; id++)
        {
            if (_counts[id] < LeastCount || _texts[id].Length > LongestPiece)
                continue;
            if (best < 0 || _counts[id] > _counts[best] || (_counts[id] == _counts[best] && string.CompareOrdinal(_texts[id], _texts[best]) < 0))
                best = id;
        }

        if (best < 0)
            return null;
        _ranks[best] = ++_learned;
        foreach (var word in _places[best]!.Distinct())
        {
            if (Contains(_words[word], best))
                Recut(word);
        }

        _places[best] = null;
        return _texts[best];
    }

    private void AddWord(List<int> symbols, long count)
    {
        if (symbols.Count < 2)
            return;
        _words.Add(symbols);
        _wordCounts.Add(count);
        Count(_words.Count - 1, added: true);
    }

    private bool Contains(List<int> symbols, int text)
    {
        for (var i = 1; i < symbols.Count; i++)
        {
            if (Joined(symbols[i - 1], symbols[i]) == text)
                return true;
        }

        return false;
    }

    private void Recut(int word)
    {
        Count(word, added: false);
        var symbols = _words[word];
        while (true)
        {
            var at = -1;
            var rank = int.MaxValue;
            for (var i = 1; i < symbols.Count; i++)
            {
                var candidate = _ranks[Joined(symbols[i - 1], symbols[i])];
                if (candidate > 0 && candidate < rank)
                    (at, rank) = (i, candidate);
            }

            if (at < 0)
                break;
            symbols[at - 1] = Joined(symbols[at - 1], symbols[at]);
            symbols.RemoveAt(at);
        }

        Count(word, added: true);
    }

    private void Count(int word, bool added)
    {
        var symbols = _words[word];
        for (var i = 1; i < symbols.Count; i++)
        {
            var text = Joined(symbols[i - 1], symbols[i]);
            _counts[text] += added ? _wordCounts[word] : -_wordCounts[word];
            if (added)
                (_places[text] ??= []).Add(word);
        }
    }

    private int Joined(int left, int right)
    {
        if (!_joined.TryGetValue((left, right), out var id))
        {
            id = Id(_texts[left] + _texts[right]);
            _joined.Add((left, right), id);
        }

        return id;
    }

    private int Id(string text)
    {
        if (_ids.TryGetValue(text, out var id))
            return id;
        _ids.Add(text, _texts.Count);
        _texts.Add(text);
        _counts.Add(0);
        _places.Add(null);
        _ranks.Add(0);
        return _texts.Count - 1;
    }
}
