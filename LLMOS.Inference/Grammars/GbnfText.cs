using System.Globalization;
using System.Text;

namespace LLMOS.Inference.Grammars;

/// <summary>Writes parts of GBNF grammars.</summary>
internal static class GbnfText
{
    /// <summary>Repetitions that llama.cpp takes of one item.</summary>
    private const int MostRepetitions = 2000;

    public static string Literal(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var character in text.EnumerateRunes())
        {
            switch (character.Value)
            {
                case '"' or '\\':
                    result.Append('\\').Append((char)character.Value);
                    break;
                case < ' ' or 0x7F:
                    result.Append(CultureInfo.InvariantCulture, $"\\x{character.Value:X2}");
                    break;
                default:
                    result.Append(character.ToString());
                    break;
            }
        }
        return result.Append('"').ToString();
    }

    /// <summary>A class of the members of a set, which is not empty.</summary>
    public static string Class(CodePointSet set)
    {
        if (set.Ranges is [(0, _), .., (_, CodePointSet.Largest)] && set.Complement() is { IsEmpty: false } others)
            return $"[^{Ranges(others)}]";
        return $"[{Ranges(set)}]";
    }

    public static string Alternatives(IEnumerable<string> alternatives) => string.Join(" | ", alternatives);

    /// <summary>The parts one after another; empty ones are left out.</summary>
    public static string Sequence(params IEnumerable<string> parts) => string.Join(' ', parts.Where(part => part.Length > 0));

    /// <summary>An expression as one item.</summary>
    public static string Item(string expression) => IsItem(expression) ? expression : $"({expression})";

    /// <summary>An expression a number of times; empty for none.</summary>
    /// <param name="expression">What to repeat.</param>
    /// <param name="least">0 or more.</param>
    /// <param name="most">At least <paramref name="least"/>; null for no end.</param>
    public static string Repeat(string expression, int least, int? most = null)
    {
        var item = Item(expression);
        if (most is null)
            return least switch { 0 => $"{item}*", 1 => $"{item}+", _ => Sequence(Exactly(item, least), $"{item}*") };
        if (most <= MostRepetitions)
            return (least, most) switch { (_, 0) => "", (1, 1) => item, (0, 1) => $"{item}?", _ when least == most => $"{item}{{{least}}}", _ => $"{item}{{{least},{most}}}" };
        return Sequence(Exactly(item, least), UpTo(item, most.Value - least));
    }

    /// <summary>Whether an expression is one item: a name, a literal, a class or a group.</summary>
    public static bool IsItem(string expression) => expression.Length > 0 && ItemLength(expression) == expression.Length;

    private static string Exactly(string item, int count) =>
        Sequence(Enumerable.Repeat($"{item}{{{MostRepetitions}}}", count / MostRepetitions).Append((count % MostRepetitions) switch { 0 => "", 1 => item, var rest => $"{item}{{{rest}}}" }));

    /// <summary>Two chunks that may both be short would let each text be cut in many ways, so a chunk is full when another follows.</summary>
    private static string UpTo(string item, int count) => count <= MostRepetitions
        ? Repeat(item, 0, count)
        : $"({item}{{0,{MostRepetitions - 1}}} | {Sequence($"{item}{{{MostRepetitions}}}", UpTo(item, count - MostRepetitions))})";

    private static int ItemLength(string expression)
    {
        var depth = 0;
        for (var i = 0; i < expression.Length; i++)
        {
            switch (expression[i])
            {
                case '"':
                    i = Skip(expression, i, '"');
                    break;
                case '[':
                    i = Skip(expression, i, ']');
                    break;
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
                case var letter when depth == 0 && IsNameCharacter(letter):
                    while (i + 1 < expression.Length && IsNameCharacter(expression[i + 1]))
                        i++;
                    break;
            }
            if (depth == 0)
                return i + 1;
        }
        return -1;
    }

    private static int Skip(string expression, int start, char end)
    {
        var i = start + 1;
        while (expression[i] != end)
            i += expression[i] == '\\' ? 2 : 1;
        return i;
    }

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character == '-';

    private static string Ranges(CodePointSet set)
    {
        var result = new StringBuilder();
        foreach (var (first, last) in set.Ranges)
        {
            result.Append(Member(first));
            if (last > first)
                result.Append(last > first + 1 ? "-" : "").Append(Member(last));
        }
        return result.ToString();
    }

    private static string Member(int character) => character switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\\' => "\\\\",
        ']' => "\\]",
        '[' => "\\[",
        < ' ' or '-' or '^' or 0x7F => string.Create(CultureInfo.InvariantCulture, $"\\x{character:X2}"),
        < 0x7F => ((char)character).ToString(),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{character:X4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{character:X8}"),
    };
}
