using System.Text;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>
/// A pattern of names, as shells have them: <c>*</c> for any characters, <c>?</c> for one, <c>[a-z]</c> for one of these and <c>[!a-z]</c> for one that is none of these; a backslash
/// takes its meaning from the next. It is for a whole name. Matching takes at most the time of their lengths' product.
/// </summary>
public sealed class NamePattern
{
    /// <summary>Characters of a pattern.</summary>
    public const int MaxLength = 1_024;

    private readonly List<Part> _parts = [];
    private readonly bool _anyCase;

    private NamePattern(bool anyCase) => _anyCase = anyCase;

    /// <param name="pattern">The pattern.</param>
    /// <param name="anyCase">Whether it does not matter which case letters are of.</param>
    /// <exception cref="LlmosException">It is none.</exception>
    public static NamePattern Parse(string pattern, bool anyCase = false)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.Length is 0 or > MaxLength)
        {
            throw Wrong(pattern, pattern.Length == 0 ? "it is empty: use one such as *.md" : $"it is longer than {MaxLength} characters");
        }

        var parsed = new NamePattern(anyCase);
        var runes = pattern.EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++)
        {
            parsed._parts.Add(runes[i].Value switch
            {
                '/' => throw Wrong(pattern, "no name has a '/': say as the path where to look"),
                '*' => new Part(PartKind.Any, default, []),
                '?' => new Part(PartKind.One, default, []),
                '[' => ReadSet(pattern, runes, ref i),
                '\\' when i == runes.Length - 1 => throw Wrong(pattern, "nothing comes after its last '\\': write '\\\\' for a backslash"),
                '\\' => new Part(PartKind.Character, parsed.Fold(runes[++i]), []),
                _ => new Part(PartKind.Character, parsed.Fold(runes[i]), []),
            });
        }

        return parsed;
    }

    /// <summary>Whether a name is as the pattern says.</summary>
    public bool IsMatch(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var runes = name.EnumerateRunes().ToArray();
        var (part, at, star, starAt) = (0, 0, -1, 0);
        while (at < runes.Length)
        {
            if (part < _parts.Count && _parts[part].Kind == PartKind.Any)
            {
                // Of several stars only the last one has to be tried again.
                (star, starAt) = (part++, at);
            }
            else if (part < _parts.Count && Fits(_parts[part], runes[at]))
            {
                part++;
                at++;
            }
            else if (star >= 0)
            {
                (part, at) = (star + 1, ++starAt);
            }
            else
            {
                return false;
            }
        }

        return _parts.Skip(part).All(rest => rest.Kind == PartKind.Any);
    }

    private static Part ReadSet(string pattern, Rune[] runes, ref int at)
    {
        var i = at + 1;
        var excludes = i < runes.Length && runes[i].Value is '!' or '^';
        i += excludes ? 1 : 0;
        var ranges = new List<(Rune From, Rune To)>();

        // A bracket that comes first is one of the characters.
        for (var first = i; i < runes.Length && (runes[i].Value != ']' || i == first); i++)
        {
            var from = Next(runes, ref i);
            var to = from;
            if (i + 2 < runes.Length && runes[i + 1].Value == '-' && runes[i + 2].Value != ']')
            {
                i += 2;
                to = Next(runes, ref i);
            }

            if (from.Value == '/' || to.Value == '/')
            {
                throw Wrong(pattern, "no name has a '/': say as the path where to look");
            }

            ranges.Add(from <= to ? (from, to) : throw Wrong(pattern, $"its range {from}-{to} goes backwards: write {to}-{from}"));
        }

        if (i >= runes.Length)
        {
            throw Wrong(pattern, "its '[' has no ']': close it, or write '\\[' for a bracket");
        }

        at = i;
        return new Part(excludes ? PartKind.NoneOf : PartKind.OneOf, default, ranges);
    }

    private static Rune Next(Rune[] runes, ref int at) => runes[at].Value == '\\' && at + 1 < runes.Length ? runes[++at] : runes[at];

    private bool Fits(Part part, Rune character) => part.Kind switch
    {
        PartKind.One => true,
        PartKind.Character => part.Character == Fold(character),
        PartKind.OneOf => IsOf(part.Ranges, character),
        PartKind.NoneOf => !IsOf(part.Ranges, character),
        _ => false,
    };

    private bool IsOf(List<(Rune From, Rune To)> ranges, Rune character)
    {
        foreach (var (from, to) in ranges)
        {
            if (Has(character) || (_anyCase && (Has(Rune.ToLowerInvariant(character)) || Has(Rune.ToUpperInvariant(character)))))
            {
                return true;
            }

            bool Has(Rune one) => from <= one && one <= to;
        }

        return false;
    }

    private Rune Fold(Rune character) => _anyCase ? Rune.ToUpperInvariant(character) : character;

    private static LlmosException Wrong(string pattern, string why)
    {
        var shown = string.Concat((pattern.Length <= 80 ? pattern : pattern[..80] + "…").Select(character => char.IsControl(character) ? '\uFFFD' : character));
        return LlmosException.InvalidArgument($"'{shown}' is no pattern of names: {why}.");
    }

    private enum PartKind
    {
        Any,
        One,
        Character,
        OneOf,
        NoneOf,
    }

    private sealed record Part(PartKind Kind, Rune Character, List<(Rune From, Rune To)> Ranges);
}
