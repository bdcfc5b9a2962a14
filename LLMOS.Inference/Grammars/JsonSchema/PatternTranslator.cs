using System.Globalization;
using System.Text;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>
/// Turns a regular expression (ECMA-262, with the u flag) into GBNF for the inside of a JSON string: literals, classes, groups, alternatives,
/// repetitions, and the anchors at the ends. A pattern that is not anchored may stand anywhere in the string.
/// </summary>
internal sealed class PatternTranslator
{
    private const int DeepestNesting = 40;
    private const int MostRepetitions = 1000;

    private readonly string _pattern;
    private readonly string _path;
    private readonly string _anything;
    private readonly GbnfWriter _writer;
    private int _at;
    private int _depth;

    private PatternTranslator(string pattern, string path, string anything, GbnfWriter writer)
    {
        _pattern = pattern;
        _path = path;
        _anything = anything;
        _writer = writer;
    }

    /// <param name="pattern">The regular expression.</param>
    /// <param name="path">Where it is in the schema.</param>
    /// <param name="character">The rule for any character of a string.</param>
    /// <param name="writer">Takes parts that must be rules.</param>
    public static string Translate(string pattern, string path, string character, GbnfWriter writer)
    {
        var translator = new PatternTranslator(pattern, path, $"{character}*", writer);
        var alternatives = new List<string> { translator.TopAlternative() };
        while (translator.Take('|'))
            alternatives.Add(translator.TopAlternative());
        if (translator._at < pattern.Length)
            throw translator.Wrong("there is no group that this ends");
        return GbnfText.Alternatives(alternatives.Select(alternative => alternative.Length > 0 ? alternative : "\"\""));
    }

    private bool AtEnd => _at >= _pattern.Length;

    private string TopAlternative()
    {
        var before = Take('^') ? "" : _anything;
        var inside = Sequence();
        var after = Take('$') ? "" : _anything;
        if (!AtEnd && _pattern[_at] is not ('|' or ')'))
            throw Wrong("$ may only stand at the end of the pattern or of one of its alternatives");
        return GbnfText.Sequence(before, inside.Expression, after);
    }

    private PatternPart Alternatives()
    {
        var parts = new List<PatternPart> { Sequence() };
        while (Take('|'))
            parts.Add(Sequence());
        return new PatternPart(
            GbnfText.Alternatives(parts.Select(part => part.Expression.Length > 0 ? part.Expression : "\"\"")),
            parts.Any(part => part.MayBeEmpty));
    }

    private PatternPart Sequence()
    {
        var parts = new List<string>();
        var mayBeEmpty = true;
        while (!AtEnd && _pattern[_at] is not ('|' or ')' or '$'))
        {
            var part = Repeated(Atom());
            parts.Add(part.Expression);
            mayBeEmpty &= part.MayBeEmpty;
        }
        // Alternatives among several items are put in brackets.
        return new PatternPart(GbnfText.Sequence(parts.Select(part => part.Contains(" | ", StringComparison.Ordinal) ? GbnfText.Item(part) : part)), mayBeEmpty);
    }

    private PatternPart Repeated(PatternPart atom)
    {
        var start = _at;
        if (!TryQuantifier(out var least, out var most))
            return atom;
        Take('?'); // Lazy: other matches first, the same texts.
        if (!AtEnd && _pattern[_at] is '*' or '+' or '?')
            throw Wrong("there is nothing that this could repeat");
        if (atom.Expression.Length == 0)
            return atom;
        if (most is null && atom.MayBeEmpty)
            throw Wrong("it repeats without end what may be empty: repeat something that has text", start);
        if (least > MostRepetitions || most > MostRepetitions)
            throw Wrong($"it repeats more than {MostRepetitions} times", start);
        if (most < least)
            throw Wrong("the repetition ends before it begins", start);
        // llama.cpp multiplies the repetitions that are written inside each other and refuses too many; those of a rule it does not count.
        var repeated = atom.Expression.Contains('{', StringComparison.Ordinal) && most is null or > 1 ? _writer.Add("part", atom.Expression, _path) : atom.Expression;
        return new PatternPart(GbnfText.Repeat(repeated, least, most), atom.MayBeEmpty || least == 0);
    }

    private bool TryQuantifier(out int least, out int? most)
    {
        (least, most) = (0, null);
        if (Take('*'))
            return true;
        if (Take('+'))
        {
            least = 1;
            return true;
        }
        if (Take('?'))
        {
            most = 1;
            return true;
        }
        if (!Take('{'))
            return false;
        least = Number();
        most = !Take(',') ? least : !AtEnd && _pattern[_at] == '}' ? null : Number();
        if (!Take('}'))
            throw Wrong("expected } to end a repetition");
        return true;
    }

    private PatternPart Atom()
    {
        var character = _pattern[_at];
        switch (character)
        {
            case '(':
                return Group();
            case '[':
                return Character(Class());
            case '.':
                _at++;
                return Character(PatternClasses.Dot);
            case '\\':
                _at++;
                if (AtEnd || PatternClasses.Named(_pattern[_at]) is not { } named)
                    return Character(CodePointSet.Of(Escape()));
                _at++;
                return Character(named);
            case '^':
                throw Wrong("^ may only stand at the beginning of the pattern or of one of its alternatives");
            case '*' or '+' or '?' or '{' or '}' or ']':
                throw Wrong($"there is nothing that {character} belongs to: write \\{character} for the character");
            default:
                return Character(CodePointSet.Of(NextRune()));
        }
    }

    private PatternPart Character(CodePointSet set) =>
        set.IsEmpty ? throw Wrong("half of a character stands alone") : new PatternPart(JsonCharacters.OneOf(set), MayBeEmpty: false);

    private PatternPart Group()
    {
        var start = _at++;
        if (++_depth > DeepestNesting)
            throw Wrong($"groups are nested deeper than {DeepestNesting}");
        if (Take('?') && !Take(':'))
            throw Wrong("only groups such as (...) and (?:...) can be used, without names, and without looking ahead or behind", start);
        var inside = Alternatives();
        if (!AtEnd && _pattern[_at] == '$')
            throw Wrong("$ may only stand at the end of the pattern or of one of its alternatives");
        if (!Take(')'))
            throw Wrong("expected ) to end a group");
        _depth--;
        return inside with { Expression = inside.Expression.Length > 0 ? GbnfText.Item(inside.Expression) : "" };
    }

    private CodePointSet Class()
    {
        var start = _at++;
        var negated = Take('^');
        var members = CodePointSet.Empty;
        while (!Take(']'))
        {
            if (AtEnd)
                throw Wrong("expected ] to end a class", start);
            var (named, first) = Member();
            if (named is null && _at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
            {
                _at++;
                var (other, last) = Member();
                if (other is not null || last < first)
                    throw Wrong("a range of a class goes from one character to a later one", start);
                named = CodePointSet.Of([(first, last)]);
            }
            members = members.Union(named ?? CodePointSet.Of(first));
        }
        var set = negated ? members.Complement() : members;
        return set.IsEmpty ? throw Wrong("the class has no members, so that nothing fits", start) : set;
    }

    private (CodePointSet? Named, int Character) Member()
    {
        if (!Take('\\'))
            return AtEnd ? throw Wrong("expected ] to end a class") : (null, NextRune());
        if (!AtEnd && PatternClasses.Named(_pattern[_at]) is { } named)
        {
            _at++;
            return (named, 0);
        }
        return Take('b') ? (null, '\b') : (null, Escape());
    }

    /// <summary>What follows a backslash, as one character.</summary>
    private int Escape()
    {
        if (AtEnd)
            throw Wrong("expected a character after \\");
        var escape = _pattern[_at++];
        switch (escape)
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'v':
                return '\v';
            case '0' when AtEnd || !char.IsAsciiDigit(_pattern[_at]):
                return 0;
            case 'x':
                return Hexadecimal(2);
            case 'u' when Take('{'):
                var end = _pattern.IndexOf('}', _at);
                var code = end < 0 ? throw Wrong("expected } to end \\u{") : Hexadecimal(end - _at);
                _at++;
                return code;
            case 'u':
                var unit = Hexadecimal(4);
                if (!char.IsSurrogate((char)unit))
                    return unit;
                return Take('\\') && Take('u') && Hexadecimal(4) is var low && char.IsSurrogatePair((char)unit, (char)low)
                    ? char.ConvertToUtf32((char)unit, (char)low)
                    : throw Wrong("a surrogate stands alone: write the character, or both surrogates");
            case var sign when char.IsAscii(sign) && !char.IsAsciiLetterOrDigit(sign):
                return sign;
            default:
                _at--;
                throw Wrong($"\\{escape} cannot be used: only \\d, \\w, \\s, their opposites and escaped characters can");
        }
    }

    private int Hexadecimal(int digits)
    {
        if (digits is > 0 and <= 6 && _at + digits <= _pattern.Length
            && int.TryParse(_pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && code <= CodePointSet.Largest)
        {
            _at += digits;
            return code;
        }
        throw Wrong("expected hexadecimal digits");
    }

    private int Number()
    {
        var start = _at;
        while (!AtEnd && char.IsAsciiDigit(_pattern[_at]))
            _at++;
        if (_at == start)
            throw Wrong("expected a number of repetitions: write \\{ for the character");
        return int.TryParse(_pattern.AsSpan(start, _at - start), CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
    }

    private int NextRune()
    {
        if (Rune.DecodeFromUtf16(_pattern.AsSpan(_at), out var rune, out var length) != System.Buffers.OperationStatus.Done)
            throw Wrong("half of a character stands alone");
        _at += length;
        return rune.Value;
    }

    private bool Take(char character)
    {
        if (AtEnd || _pattern[_at] != character)
            return false;
        _at++;
        return true;
    }

    private LlamaException Wrong(string problem, int? at = null) =>
        SchemaError.At(_path, $"the pattern {JsonStringText.Quote(_pattern)} cannot be followed at its character {(at ?? _at) + 1}: {problem}");
}
