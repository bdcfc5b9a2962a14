using System.Globalization;
using System.Text;
using LLMOS.Inference.Models;

namespace LLMOS.Inference.Grammars;

/// <summary>
/// Parses a GBNF grammar, and checks it before llama.cpp's parser sees it: that one writes its errors to the console, overflows the stack on deep nesting,
/// and never returns from a repetition like <c>{5,2}</c>.
/// </summary>
internal ref struct GbnfSyntax
{
    private const int MostCharacters = 1 << 18;
    private const int MostRules = 8192;
    private const int DeepestNesting = 100;
    private const int MostRepetitions = 2000;

    private readonly ReadOnlySpan<char> _text;
    private readonly LlamaVocabulary? _vocabulary;
    private readonly Dictionary<string, IReadOnlyList<IReadOnlyList<GbnfItem>>> _rules;
    private int _at;
    private int _line = 1;
    private int _depth;

    private GbnfSyntax(string text, LlamaVocabulary? vocabulary)
    {
        _text = text;
        _vocabulary = vocabulary;
        _rules = new(StringComparer.Ordinal);
    }

    /// <exception cref="LlamaException">The grammar is wrong; the message says where and why.</exception>
    public static GbnfGrammar Parse(string grammar, string root, LlamaVocabulary? vocabulary)
    {
        if (grammar.Length > MostCharacters)
            throw new LlamaException(LlamaError.GrammarInvalid, $"The grammar has {grammar.Length} characters, but may have {MostCharacters}: make it smaller.");
        var zero = grammar.IndexOf('\0', StringComparison.Ordinal);
        if (zero >= 0)
            throw new LlamaException(LlamaError.GrammarInvalid, $"The grammar has a zero character at {zero}: remove it.");
        var syntax = new GbnfSyntax(grammar, vocabulary);
        syntax.ParseRules();
        GbnfRecursion.Check(syntax._rules, root);
        return new GbnfGrammar(syntax._rules, root);
    }

    private char Current => _at < _text.Length ? _text[_at] : '\0';

    private void ParseRules()
    {
        SkipSpace(acrossLines: true);
        while (_at < _text.Length)
        {
            var name = ParseName("the name of a rule");
            SkipSpace(acrossLines: false);
            if (!_text[_at..].StartsWith("::="))
                throw Wrong($"expected ::= after the rule name '{name}'");
            _at += 3;
            SkipSpace(acrossLines: true);
            _rules[name] = ParseAlternatives(nested: false);
            if (_at < _text.Length && Current is not ('\r' or '\n'))
                throw Wrong($"expected the end of the rule '{name}'");
            if (_rules.Count > MostRules)
                throw Wrong($"there are more than {MostRules} rules");
            SkipSpace(acrossLines: true);
        }
    }

    private List<IReadOnlyList<GbnfItem>> ParseAlternatives(bool nested)
    {
        var alternatives = new List<IReadOnlyList<GbnfItem>> { ParseSequence(nested) };
        while (Current == '|')
        {
            _at++;
            SkipSpace(acrossLines: true);
            alternatives.Add(ParseSequence(nested));
        }
        return alternatives;
    }

    private List<GbnfItem> ParseSequence(bool nested)
    {
        var items = new List<GbnfItem>();
        while (_at < _text.Length)
        {
            var line = _line;
            switch (Current)
            {
                case '"':
                    items.Add(Text(ParseLiteral(), line));
                    break;
                case '[':
                    items.Add(Text(ParseClass(), line));
                    break;
                case '.':
                    _at++;
                    items.Add(Text([CodePointSet.All], line));
                    break;
                case '<' or '!':
                    ParseToken();
                    items.Add(new GbnfItem(null, null, false, false, line) { IsToken = true });
                    break;
                case '(':
                    items.Add(new GbnfItem(null, ParseGroup(), false, false, line));
                    break;
                case '*' or '+' or '?' or '{':
                    Repeat(items, nested);
                    break;
                case var letter when IsNameCharacter(letter):
                    items.Add(new GbnfItem(ParseName("a rule"), null, false, false, line));
                    break;
                default:
                    return items;
            }
            SkipSpace(nested);
        }
        return items;
    }

    private List<IReadOnlyList<GbnfItem>> ParseGroup()
    {
        if (++_depth > DeepestNesting)
            throw Wrong($"groups are nested deeper than {DeepestNesting}");
        _at++;
        SkipSpace(acrossLines: true);
        var group = ParseAlternatives(nested: true);
        if (Current != ')')
            throw Wrong("expected ) to end a group");
        _at++;
        _depth--;
        return group;
    }

    private void Repeat(List<GbnfItem> items, bool nested)
    {
        if (items.Count == 0)
            throw Wrong($"there is nothing before {Current} that it could repeat");
        var (least, most) = ParseRepetition(nested);
        if (least > MostRepetitions)
            throw Wrong($"{least} repetitions are more than the {MostRepetitions} that llama.cpp takes");
        if (most < least)
            throw Wrong($"the repetition {{{least},{most}}} ends before it begins");
        var item = items[^1];
        if (most > MostRepetitions && item.MayBeEmpty)
            throw Wrong("it repeats without end what may be empty");
        items[^1] = item with
        {
            MayBeEmpty = item.MayBeEmpty || least == 0,
            IsUnbounded = item.IsUnbounded || most > MostRepetitions,
            Repetitions = [.. item.Repetitions, new GbnfRepetition((int)least, (int)Math.Min(most, int.MaxValue))],
        };
    }

    private (long Least, long Most) ParseRepetition(bool nested)
    {
        switch (_text[_at++])
        {
            case '*':
                return (0, long.MaxValue);
            case '+':
                return (1, long.MaxValue);
            case '?':
                return (0, 1);
            default:
                SkipSpace(nested);
                var least = ParseNumber();
                var most = least;
                SkipSpace(nested);
                if (Current == ',')
                {
                    _at++;
                    SkipSpace(nested);
                    most = char.IsAsciiDigit(Current) ? ParseNumber() : long.MaxValue;
                    SkipSpace(nested);
                }
                if (Current != '}')
                    throw Wrong("expected } to end a repetition");
                _at++;
                return (least, most);
        }
    }

    private long ParseNumber()
    {
        var start = _at;
        while (char.IsAsciiDigit(Current))
            _at++;
        if (_at == start)
            throw Wrong("expected a number");
        return long.TryParse(_text[start.._at], out var number) ? number : long.MaxValue;
    }

    private static GbnfItem Text(List<CodePointSet> characters, int line) => new(null, null, characters.Count == 0, false, line) { Characters = characters };

    private List<CodePointSet> ParseLiteral()
    {
        var characters = new List<CodePointSet>();
        _at++;
        while (Current != '"')
            characters.Add(CodePointSet.Of(ParseCharacter('"')));
        _at++;
        return characters;
    }

    /// <summary>A class without members stands for no character at all, even a negated one: llama.cpp takes it for the empty text.</summary>
    private List<CodePointSet> ParseClass()
    {
        _at++;
        var negated = Current == '^';
        _at += negated ? 1 : 0;
        var ranges = new List<(int First, int Last)>();
        while (Current != ']')
        {
            var first = ParseCharacter(']');
            var last = first;
            if (Current == '-' && _at + 1 < _text.Length && _text[_at + 1] != ']')
            {
                _at++;
                last = ParseCharacter(']');
                if (last < first)
                    throw Wrong("the range that ends here ends before it begins");
            }
            ranges.Add((first, last));
        }
        _at++;
        if (ranges.Count == 0)
            return [];
        var set = CodePointSet.Of(ranges);
        return [negated ? set.Complement() : set];
    }

    private int ParseCharacter(char end)
    {
        if (_at >= _text.Length)
            throw Wrong($"expected {end} before the grammar's end");
        _line += Current == '\n' ? 1 : 0;
        if (Current != '\\')
        {
            _ = Rune.DecodeFromUtf16(_text[_at..], out var rune, out var length);
            _at += length;
            return rune.Value;
        }
        _at++;
        var escape = Current;
        _at++;
        var digits = escape switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0 && !@"trn\""[]-".Contains(escape, StringComparison.Ordinal))
        {
            _at -= 2;
            throw Wrong($"there is no escape \\{escape}");
        }
        if (digits == 0)
            return escape switch { 't' => '\t', 'r' => '\r', 'n' => '\n', _ => escape };
        var start = _at;
        for (var i = 0; i < digits; i++, _at++)
        {
            if (!char.IsAsciiHexDigit(Current))
                throw Wrong($"expected {digits} hexadecimal digits after \\{escape}");
        }
        var character = uint.Parse(_text[start.._at], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (character <= CodePointSet.Largest)
            return (int)character;
        // llama.cpp would take it, and let bytes through that are no text.
        _at = start - 2;
        throw Wrong($"\\{escape}{character:X8} is no character, the last is \\U{CodePointSet.Largest:X8}");
    }

    private void ParseToken()
    {
        if (Current == '!')
            _at++;
        var end = Current == '<' ? _text[_at..].IndexOf('>') : -1;
        if (end < 0)
            throw Wrong("expected a token such as <|im_end|> or <[2]>");
        var token = _text.Slice(_at, end + 1);
        if (token.StartsWith("<["))
        {
            if (!token.EndsWith("]>") || !int.TryParse(token[2..^2], out var id))
                throw Wrong($"{token} is no token: write its number, such as <[2]>");
            if (_vocabulary?.Contains(id) == false)
                throw Wrong($"{token} is no token: the model's tokens are <[0]> to <[{_vocabulary.Size - 1}]>");
        }
        else if (_vocabulary is not null && _vocabulary.Tokenize(token.ToString(), addSpecial: false, parseSpecial: true).Length != 1)
        {
            throw Wrong($"{token} is not one token of the model");
        }
        _at += end + 1;
    }

    private string ParseName(string what)
    {
        var start = _at;
        while (IsNameCharacter(Current))
            _at++;
        return _at > start ? _text[start.._at].ToString() : throw Wrong($"expected {what}");
    }

    private void SkipSpace(bool acrossLines)
    {
        while (Current is ' ' or '\t' or '#' || (acrossLines && Current is '\r' or '\n'))
        {
            if (Current != '#')
            {
                _line += Current == '\n' ? 1 : 0;
                _at++;
                continue;
            }
            while (_at < _text.Length && Current is not ('\r' or '\n'))
                _at++;
        }
    }

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character == '-';

    private readonly LlamaException Wrong(string problem)
    {
        var before = _text[..Math.Min(_at, _text.Length)];
        return new LlamaException(LlamaError.GrammarInvalid, $"The grammar does not parse at line {_line}, column {before.Length - before.LastIndexOf('\n')}: {problem}.");
    }
}
