using System.Runtime.InteropServices;
using System.Text;

namespace ModelForge.Tokenization;

/// <summary>The words and characters of texts and how often each occurs. A word is a run of letters with the space before it, if one is left for it.</summary>
internal sealed class WordCounts(SpecialTokens specials)
{
    private readonly Dictionary<string, long> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<Rune, long> _characters = [];

    /// <summary>The words; a space is written ▁.</summary>
    public IReadOnlyDictionary<string, long> Words => _words;

    /// <summary>The characters that are no ASCII letters.</summary>
    public IReadOnlyDictionary<Rune, long> Characters => _characters;

    public void Add(string text)
    {
        var escaped = text.Replace(' ', Vocabulary.Space);
        foreach (var part in specials.Split(text, parseControl: true))
        {
            if (part.Token == TextPart.Text)
                AddPart(escaped.AsSpan(part.Start, part.Length));
        }
    }

    private void AddPart(ReadOnlySpan<char> text)
    {
        var words = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        var spaces = 0;
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsLetter(text[i]))
            {
                spaces = text[i] == Vocabulary.Space ? spaces + 1 : 0;
                Rune.DecodeFromUtf16(text[i..], out var rune, out var units);
                Count(rune);
                i += units;
                continue;
            }

            var start = i;
            for (; i < text.Length && char.IsLetter(text[i]); i++)
            {
                if (!char.IsAscii(text[i]))
                    Count(new Rune(text[i]));
            }

            // Runs of spaces are merged first, by twos: the last of an odd number is left for the word.
            if (spaces % 2 == 1)
                start--;
            spaces = 0;
            CollectionsMarshal.GetValueRefOrAddDefault(words, text[start..i], out _)++;
        }
    }

    private void Count(Rune rune) => CollectionsMarshal.GetValueRefOrAddDefault(_characters, rune, out _)++;
}
