using System.Globalization;
using System.Text;

namespace ModelForge.Tokenization;

/// <summary>
/// Learns a vocabulary from texts. Its learned pieces are letters only, with or without a space before them; digits, punctuation
/// and line breaks are tokens of their own, so that what is copied is cut the same way wherever it stands.
/// </summary>
internal static class VocabularyTrainer
{
    /// <summary>A character that is no ASCII gets a token when it is seen this often; before that its bytes must do.</summary>
    private const int FrequentCharacter = 20;

    private const int MostCharacters = 256;

    /// <summary>Indentation: longer runs are made of these.</summary>
    private static readonly int[] SpaceRuns = [2, 4, 8, 12, 16];

    /// <summary>A vocabulary of at most <paramref name="size"/> pieces; fewer when the texts have no more pairs that occur twice.</summary>
    /// <param name="texts">What to learn from.</param>
    /// <param name="fixedPieces">Texts that are one token wherever they stand; nothing is learned across them.</param>
    /// <param name="size">All pieces together.</param>
    /// <exception cref="BadInputException">A fixed piece cannot be one, or the size is too small for what must be in it.</exception>
    public static Vocabulary Train(IEnumerable<string> texts, IReadOnlyCollection<string> fixedPieces, int size)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(fixedPieces);
        var pieces = Specials();
        AddFixed(pieces, fixedPieces);
        var counts = new WordCounts(new SpecialTokens(pieces));
        foreach (var text in texts)
            counts.Add(text);

        var characters = Characters(counts, fixedPieces);
        foreach (var character in characters)
            pieces.Add(new VocabularyPiece(character, TokenType.Normal, 0, 0));
        var rank = 0;
        foreach (var run in SpaceRuns)
            pieces.Add(new VocabularyPiece(new string(Vocabulary.Space, run), TokenType.Normal, -++rank, 0));
        if (pieces.Count > size)
            throw new BadInputException($"A vocabulary of {size} pieces is too small: {pieces.Count} are needed before any is learned.");

        var learner = new PieceLearner(counts.Words, characters);
        while (pieces.Count < size && learner.Next() is { } piece)
            pieces.Add(new VocabularyPiece(piece, TokenType.Normal, -++rank, 0));
        return VocabularyFile.WithIds(pieces);
    }

    private static List<VocabularyPiece> Specials()
    {
        List<VocabularyPiece> pieces =
        [
            new("<unk>", TokenType.Unknown, 0, 0),
            new("<s>", TokenType.Control, 0, 0),
            new("</s>", TokenType.Control, 0, 0),
        ];
        for (var value = 0; value < 256; value++)
            pieces.Add(new VocabularyPiece(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), TokenType.Byte, 0, 0));
        pieces.Add(new VocabularyPiece("<|im_start|>", TokenType.Control, 0, 0));
        pieces.Add(new VocabularyPiece("<|im_end|>", TokenType.Control, 0, 0));
        return pieces;
    }

    private static void AddFixed(List<VocabularyPiece> pieces, IReadOnlyCollection<string> fixedPieces)
    {
        var taken = pieces.Select(piece => piece.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var text in fixedPieces.Distinct(StringComparer.Ordinal).OrderByDescending(text => text.Length).ThenBy(text => text, StringComparer.Ordinal))
        {
            if (text.Length == 0 || text.Contains(Vocabulary.Space, StringComparison.Ordinal) || taken.Contains(text))
                throw new BadInputException($"'{text}' cannot be a fixed piece: it is empty, a token already, or has a ▁ in it.");
            if (!IsCharacter(text))
                pieces.Add(new VocabularyPiece(text, TokenType.UserDefined, 0, 0));
        }
    }

    /// <summary>The space, the line break, printable ASCII, then what else is frequent, in the order of the code points.</summary>
    private static List<string> Characters(WordCounts counts, IReadOnlyCollection<string> fixedPieces)
    {
        List<string> characters = [Vocabulary.Space.ToString(), "\n"];
        for (var ascii = '!'; ascii <= '~'; ascii++)
            characters.Add(ascii.ToString());
        var known = characters.Append(" ").ToHashSet(StringComparer.Ordinal);
        var others = counts.Characters
            .Where(character => character.Value >= FrequentCharacter && !known.Contains(character.Key.ToString()))
            .OrderByDescending(character => character.Value).ThenBy(character => character.Key)
            .Take(MostCharacters)
            .Select(character => character.Key)
            .Union(fixedPieces.Where(text => IsCharacter(text) && !known.Contains(text)).Select(text => text.EnumerateRunes().First()));
        characters.AddRange(others.Order().Select(rune => rune.ToString()));
        return characters;
    }

    private static bool IsCharacter(string text) => Rune.TryGetRuneAt(text, 0, out var rune) && rune.Utf16SequenceLength == text.Length;
}
