using System.Globalization;
using System.Text;

namespace LLMOS.Inference.Models;

/// <summary>
/// What a SentencePiece vocabulary without all byte tokens can spell. llama.cpp falls back to the bytes of a character that is no token, and ends the process where a byte has no token either.
/// </summary>
internal sealed class ByteFallback
{
    /// <summary>What llama.cpp puts in the place of a space.</summary>
    private const char Space = '\u2581';

    private readonly bool[] _bytes;
    private readonly HashSet<string> _characters;

    private ByteFallback(bool[] bytes, HashSet<string> characters) => (_bytes, _characters) = (bytes, characters);

    /// <summary>Null when every text can be spelled.</summary>
    public static ByteFallback? Of(LlamaVocabulary vocabulary)
    {
        var bytes = new bool[256];
        var characters = new HashSet<string>(StringComparer.Ordinal);
        for (var token = 0; token < vocabulary.Size; token++)
        {
            if ((vocabulary.Attributes(token) & TokenAttributes.Byte) != 0)
                Mark(vocabulary.Text(token), bytes);
        }
        if (!bytes.Contains(false))
            return null;
        for (var token = 0; token < vocabulary.Size; token++)
        {
            var text = vocabulary.Text(token);
            Mark(text, bytes);
            if (text.Length == 1 || (text.Length == 2 && char.IsHighSurrogate(text[0])))
                characters.Add(text);
        }
        for (var ascii = 0; ascii < 128; ascii++)
            bytes[ascii] |= characters.Contains(((char)ascii).ToString());
        return bytes.Contains(false) ? new ByteFallback(bytes, characters) : null;
    }

    /// <exception cref="LlamaException">The text has a character that is no token and has a byte that is none.</exception>
    public void Require(string text)
    {
        if (text.Length > 0)
            Require(new Rune(Space));
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != ' ')
                Require(rune);
        }
    }

    private void Require(Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var part in utf8[..rune.EncodeToUtf8(utf8)])
        {
            if (!_bytes[part] && !_characters.Contains(rune.ToString()))
            {
                throw new LlamaException(
                    LlamaError.InvalidRequest,
                    string.Create(CultureInfo.InvariantCulture, $"The model's vocabulary has no token for the character U+{rune.Value:X4} and none for its byte 0x{part:X2}: leave it out, or use a model with all byte tokens."));
            }
        }
    }

    private static void Mark(string text, bool[] bytes)
    {
        if (text is ['<', '0', 'x', _, _, '>'] && byte.TryParse(text.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
            bytes[value] = true;
    }
}
