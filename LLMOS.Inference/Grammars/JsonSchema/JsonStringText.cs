using System.Globalization;
using System.Text;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Strings as JSON writes them, each in one way: the two-character escapes where there is one, <c>\u00xx</c> for the other control characters, all else as it is.</summary>
internal static class JsonStringText
{
    /// <summary>The characters after a backslash, and what they stand for.</summary>
    public static IReadOnlyList<(int Character, char Escape)> ShortEscapes { get; } =
        [('"', '"'), ('\\', '\\'), ('\b', 'b'), ('\f', 'f'), ('\n', 'n'), ('\r', 'r'), ('\t', 't')];

    public static string Quote(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var character in text.EnumerateRunes())
            result.Append(Escape(character.Value));
        return result.Append('"').ToString();
    }

    /// <summary>One character inside a string.</summary>
    public static string Escape(int character)
    {
        foreach (var (escaped, escape) in ShortEscapes)
        {
            if (escaped == character)
                return $"\\{escape}";
        }
        return character < ' ' ? string.Create(CultureInfo.InvariantCulture, $"\\u{character:x4}") : new Rune(character).ToString();
    }
}
