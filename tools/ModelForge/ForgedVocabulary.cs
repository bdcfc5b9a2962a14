using System.Globalization;

namespace ModelForge;

/// <summary>
/// A SentencePiece-style vocabulary of readable pieces: ChatML controls, the 256 byte tokens, ASCII, then as many English
/// suffixes, words and pronounceable syllables as there is room for. With every piece its beginnings are there too, so that the
/// tokenizer, which merges pairs, can build it.
/// </summary>
internal sealed class ForgedVocabulary
{
    public const int UnknownId = 0;
    public const int BeginningId = 1;
    public const int EndId = 2;
    public const int FirstByteId = 3;
    public const int ImStartId = FirstByteId + 256;
    public const int ImEndId = ImStartId + 1;

    /// <summary>Controls, bytes, and the 96 characters that everything else is merged from.</summary>
    public const int MinimumSize = ImEndId + 1 + 96;

    public const int MaximumSize = 1_048_576;

    private const char Space = '▁';
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    private const string Consonants = "bcdfghjklmnprstvwxyz";
    private const string Vowels = "aeiou";
    private const int CapitalisedWords = 400;

    private readonly List<VocabularyPiece> _pieces;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly int _size;

    private ForgedVocabulary(int size)
    {
        _size = size;
        _pieces = new List<VocabularyPiece>(size);
        AddSpecials();
        AddCharacters();
        AddEnglish();
        AddSyllables();
    }

    /// <summary>A vocabulary of exactly <paramref name="size"/> pieces; the pieces of a smaller one come first in a larger one.</summary>
    public static IReadOnlyList<VocabularyPiece> OfSize(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, MinimumSize);
        return new ForgedVocabulary(size)._pieces;
    }

    private bool Full => _pieces.Count >= _size;

    private void AddSpecials()
    {
        Add("<unk>", TokenType.Unknown, 0);
        Add("<s>", TokenType.Control, 0);
        Add("</s>", TokenType.Control, 0);
        for (var value = 0; value < 256; value++)
            Add(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), TokenType.Byte, 0);
        Add("<|im_start|>", TokenType.Control, 0);
        Add("<|im_end|>", TokenType.Control, 0);
    }

    private void AddCharacters()
    {
        Add(Space.ToString(), TokenType.Normal, -5);
        Add("\n", TokenType.Normal, 0.5f);
        for (var letter = 'a'; letter <= 'z'; letter++)
            Add(letter.ToString(), TokenType.Normal, -5);
        for (var letter = 'A'; letter <= 'Z'; letter++)
            Add(letter.ToString(), TokenType.Normal, -6);
        for (var digit = '0'; digit <= '9'; digit++)
            Add(digit.ToString(), TokenType.Normal, -4);
        foreach (var mark in Punctuation)
            Add(mark.ToString(), TokenType.Normal, mark is '.' or ',' ? 2.5f : -4);
    }

    private void AddEnglish()
    {
        var words = Words("words.txt");
        foreach (var suffix in Words("suffixes.txt"))
            AddWithBeginnings(suffix, prior: -1.5f);
        foreach (var word in words)
            AddWithBeginnings(Space + word, prior: 0);
        foreach (var word in words.Take(CapitalisedWords))
            AddWithBeginnings(Space + char.ToUpperInvariant(word[0]).ToString() + word[1..], prior: -2);
        foreach (var word in words)
            AddWithBeginnings(word, prior: -5);
    }

    /// <summary>Consonants and vowels by turns, shorter ones first, each with and without a space before it.</summary>
    private void AddSyllables()
    {
        List<string> longest = [.. Consonants.Select(letter => letter.ToString())];
        for (var vowel = true; !Full; vowel = !vowel)
        {
            var longer = new List<string>();
            foreach (var syllable in longest)
            {
                foreach (var letter in vowel ? Vowels : Consonants)
                {
                    if (Full)
                        return;
                    longer.Add(syllable + letter);
                    AddWithBeginnings(Space + longer[^1], prior: -3);
                    AddWithBeginnings(longer[^1], prior: -3);
                }
            }

            longest = longer;
        }
    }

    private void AddWithBeginnings(string piece, float prior)
    {
        for (var length = 2; length < piece.Length; length++)
            Add(piece[..length], TokenType.Normal, -4);
        Add(piece, TokenType.Normal, prior);
    }

    private void Add(string text, TokenType type, float prior)
    {
        if (Full)
            return;
        if (_ids.TryAdd(text, _pieces.Count))
            _pieces.Add(new VocabularyPiece(text, type, type == TokenType.Normal ? -_pieces.Count : 0, prior));
        else if (_pieces[_ids[text]] is var known && known.Prior < prior)
            _pieces[_ids[text]] = known with { Prior = prior };
    }

    private static string[] Words(string resource)
    {
        using var stream = typeof(ForgedVocabulary).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The resource {resource} is missing from this build of ModelForge.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
    }
}
