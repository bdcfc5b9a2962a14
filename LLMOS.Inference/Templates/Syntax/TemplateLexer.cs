using System.Globalization;
using System.Text;

namespace LLMOS.Inference.Templates.Syntax;

/// <summary>
/// Cuts a template into words as Jinja2 does with <c>trim_blocks</c> and <c>lstrip_blocks</c>: the newline behind a block or a comment goes,
/// and so does the indentation of one that is the first of its line.
/// </summary>
internal sealed class TemplateLexer
{
    private static readonly string[] LongOperators = ["//", "**", "==", "!=", ">=", "<="];

    private readonly string _source;
    private readonly List<int> _lineStarts = [0];
    private readonly List<TemplateToken> _tokens = [];
    private int _at;

    private TemplateLexer(string source)
    {
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        _source = source.EndsWith('\n') ? source[..^1] : source;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '\n')
                _lineStarts.Add(i + 1);
        }
    }

    /// <exception cref="ChatTemplateException">A tag, a comment or a string has no end, or a character belongs nowhere.</exception>
    public static IReadOnlyList<TemplateToken> Read(string source)
    {
        var lexer = new TemplateLexer(source);
        lexer.ReadAll();
        return lexer._tokens;
    }

    private void ReadAll()
    {
        var lineStarting = true;
        while (_at < _source.Length)
        {
            var begin = FindTag(_at);
            if (begin < 0)
            {
                AddText(_at, _source[_at..]);
                _at = _source.Length;
                break;
            }
            var kind = _source[begin + 1];
            var sign = SignAt(begin + 2);
            AddText(_at, Strip(_source[_at..begin], sign, kind, lineStarting));
            _at = begin + 2 + (sign == '\0' ? 0 : 1);
            switch (kind)
            {
                case '#':
                    SkipComment(begin);
                    break;
                case '%' when TryReadRaw(begin):
                    break;
                case '%':
                    Add(TokenKind.BlockBegin, "{%", begin);
                    ReadWords(begin, TokenKind.BlockEnd);
                    break;
                default:
                    Add(TokenKind.PrintBegin, "{{", begin);
                    ReadWords(begin, TokenKind.PrintEnd);
                    break;
            }
            lineStarting = _source[_at - 1] == '\n';
        }
        Add(TokenKind.End, "", _source.Length);
    }

    private int FindTag(int from)
    {
        for (var at = _source.IndexOf('{', from); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#')
                return at;
        }
        return -1;
    }

    private char SignAt(int at) => at < _source.Length && _source[at] is '-' or '+' ? _source[at] : '\0';

    private static string Strip(string text, char sign, char kind, bool lineStarting)
    {
        if (sign == '-')
            return text.TrimEnd();
        if (sign == '+' || kind == '{')
            return text;
        var lastLine = text.LastIndexOf('\n') + 1;
        return (lastLine > 0 || lineStarting) && text.AsSpan(lastLine).Trim().IsEmpty ? text[..lastLine] : text;
    }

    private void SkipComment(int begin)
    {
        var end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
            throw Wrong(begin, "the comment has no end: close it with #}");
        var sign = end > _at ? _source[end - 1] : '\0';
        _at = end + 2;
        SkipAfterBlock(sign);
    }

    /// <summary>What a block's end takes along: all white space behind <c>-%}</c>, one newline behind <c>%}</c>, nothing behind <c>+%}</c>.</summary>
    private void SkipAfterBlock(char sign)
    {
        if (sign == '-')
            SkipSpace();
        else if (sign != '+' && _at < _source.Length && _source[_at] == '\n')
            _at++;
    }

    private void SkipSpace()
    {
        while (_at < _source.Length && char.IsWhiteSpace(_source[_at]))
            _at++;
    }

    private bool TryReadRaw(int begin)
    {
        var at = _at;
        if (!TryMatchTag(ref at, "raw", out var sign))
            return false;
        _at = at;
        if (sign == '-')
            SkipSpace();
        var from = _at;
        for (var tag = _source.IndexOf("{%", from, StringComparison.Ordinal); tag >= 0; tag = _source.IndexOf("{%", tag + 2, StringComparison.Ordinal))
        {
            var open = SignAt(tag + 2);
            var inside = tag + 2 + (open == '\0' ? 0 : 1);
            if (!TryMatchTag(ref inside, "endraw", out var close))
                continue;
            AddText(from, Strip(_source[from..tag], open, '%', lineStarting: false));
            _at = inside;
            SkipAfterBlock(close);
            return true;
        }
        throw Wrong(begin, "the raw block has no end: close it with {% endraw %}");
    }

    private bool TryMatchTag(ref int at, string name, out char sign)
    {
        sign = '\0';
        var from = at;
        while (from < _source.Length && char.IsWhiteSpace(_source[from]))
            from++;
        if (string.CompareOrdinal(_source, from, name, 0, name.Length) != 0)
            return false;
        from += name.Length;
        while (from < _source.Length && char.IsWhiteSpace(_source[from]))
            from++;
        sign = SignAt(from);
        from += sign == '\0' ? 0 : 1;
        if (string.CompareOrdinal(_source, from, "%}", 0, 2) != 0)
            return false;
        at = from + 2;
        return true;
    }

    private void ReadWords(int begin, TokenKind end)
    {
        var (close, brackets) = (end == TokenKind.BlockEnd ? "%}" : "}}", new Stack<char>());
        while (true)
        {
            SkipSpace();
            if (_at >= _source.Length)
                throw Wrong(begin, $"the tag has no end: close it with {close}");
            var signed = _source[_at] == '-' || (_source[_at] == '+' && end == TokenKind.BlockEnd);
            if (brackets.Count == 0 && string.CompareOrdinal(_source, _at + (signed ? 1 : 0), close, 0, 2) == 0)
            {
                Add(end, close, _at);
                var sign = signed ? _source[_at] : '\0';
                _at += signed ? 3 : 2;
                if (end == TokenKind.BlockEnd)
                    SkipAfterBlock(sign);
                else if (sign == '-')
                    SkipSpace();
                return;
            }
            ReadWord(brackets);
        }
    }

    private void ReadWord(Stack<char> brackets)
    {
        var (begin, first) = (_at, _source[_at]);
        if (first is '\'' or '"')
        {
            Add(TokenKind.String, ReadString(first), begin);
        }
        else if (char.IsAsciiDigit(first))
        {
            ReadNumber();
        }
        else if (first == '_' || char.IsLetter(first))
        {
            while (_at < _source.Length && (_source[_at] == '_' || char.IsLetterOrDigit(_source[_at])))
                _at++;
            Add(TokenKind.Name, _source[begin.._at], begin);
        }
        else
        {
            ReadOperator(brackets);
        }
    }

    private void ReadOperator(Stack<char> brackets)
    {
        var (begin, first) = (_at, _source[_at]);
        foreach (var longer in LongOperators)
        {
            if (string.CompareOrdinal(_source, begin, longer, 0, 2) == 0)
            {
                _at += 2;
                Add(TokenKind.Operator, longer, begin);
                return;
            }
        }
        switch (first)
        {
            case '(' or '[' or '{':
                brackets.Push(first);
                break;
            case ')' or ']' or '}':
                var wanted = first switch { ')' => '(', ']' => '[', _ => '{' };
                if (!brackets.TryPop(out var opened))
                    throw Wrong(begin, $"there is no bracket open that '{first}' could close");
                if (opened != wanted)
                    throw Wrong(begin, $"'{first}' cannot close '{opened}'");
                break;
            case '+' or '-' or '/' or '*' or '%' or '~' or '<' or '>' or '=' or '.' or ':' or '|' or ',':
                break;
            default:
                throw Wrong(begin, $"the character '{(char.IsControl(first) ? $"\\u{(int)first:x4}" : first)}' belongs to no expression");
        }
        _at++;
        Add(TokenKind.Operator, first.ToString(), begin);
    }

    private void ReadNumber()
    {
        var begin = _at;
        var (isFloat, text) = (false, new StringBuilder());
        if (_source[_at] == '0' && _at + 1 < _source.Length && _source[_at + 1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B')
        {
            while (_at < _source.Length && (char.IsAsciiLetterOrDigit(_source[_at]) || _source[_at] == '_'))
                text.Append(_source[_at++]);
            Add(TokenKind.Integer, text.Replace("_", "").ToString(), begin);
            return;
        }
        ReadDigits(text);
        // In a.0.1 the digits are indexes, not a fraction.
        var afterDot = begin > 0 && _source[begin - 1] == '.';
        if (!afterDot && _at + 1 < _source.Length && _source[_at] == '.' && char.IsAsciiDigit(_source[_at + 1]))
        {
            isFloat = true;
            text.Append(_source[_at++]);
            ReadDigits(text);
        }
        if (!afterDot && _at < _source.Length && _source[_at] is 'e' or 'E')
        {
            var digits = _at + 1 < _source.Length && _source[_at + 1] is '+' or '-' ? _at + 2 : _at + 1;
            if (digits < _source.Length && char.IsAsciiDigit(_source[digits]))
            {
                isFloat = true;
                text.Append(_source, _at, digits - _at);
                _at = digits;
                ReadDigits(text);
            }
        }
        Add(isFloat ? TokenKind.Float : TokenKind.Integer, text.ToString(), begin);
    }

    private void ReadDigits(StringBuilder text)
    {
        for (; _at < _source.Length && (char.IsAsciiDigit(_source[_at]) || _source[_at] == '_'); _at++)
        {
            if (_source[_at] != '_')
                text.Append(_source[_at]);
        }
    }

    private string ReadString(char quote)
    {
        var (begin, text) = (_at++, new StringBuilder());
        while (true)
        {
            if (_at >= _source.Length)
                throw Wrong(begin, $"the string has no end: close it with {quote}");
            var character = _source[_at++];
            if (character == quote)
                return text.ToString();
            if (character == '\\' && _at < _source.Length)
                ReadEscape(text);
            else
                text.Append(character);
        }
    }

    private void ReadEscape(StringBuilder text)
    {
        var begin = _at - 1;
        var escape = _source[_at++];
        switch (escape)
        {
            case 'n' or 't' or 'r' or 'a' or 'b' or 'f' or 'v':
                text.Append("\n\t\r\a\b\f\v"["ntrabfv".IndexOf(escape, StringComparison.Ordinal)]);
                break;
            case '\\' or '\'' or '"':
                text.Append(escape);
                break;
            case '\n':
                break;
            case >= '0' and <= '7':
                var octal = escape - '0';
                for (var digits = 1; digits < 3 && _at < _source.Length && _source[_at] is >= '0' and <= '7'; digits++)
                    octal = (octal * 8) + (_source[_at++] - '0');
                text.Append((char)octal);
                break;
            case 'x' or 'u' or 'U':
                var length = escape switch { 'x' => 2, 'u' => 4, _ => 8 };
                if (_at + length > _source.Length || !int.TryParse(_source.AsSpan(_at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code is < 0 or > 0x10FFFF)
                    throw Wrong(begin, $"the escape \\{escape} needs {length} hexadecimal digits of a character");
                text.Append(code is > 0xFFFF ? char.ConvertFromUtf32(code) : ((char)code).ToString());
                _at += length;
                break;
            default:
                text.Append('\\').Append(escape);
                break;
        }
    }

    private void AddText(int at, string text)
    {
        if (text.Length > 0)
            Add(TokenKind.Text, text, at);
    }

    private void Add(TokenKind kind, string text, int at) => _tokens.Add(new TemplateToken(kind, text, PositionOf(at)));

    private SourcePosition PositionOf(int at)
    {
        var line = _lineStarts.BinarySearch(at);
        line = line < 0 ? ~line - 1 : line;
        return new SourcePosition(line + 1, at - _lineStarts[line] + 1);
    }

    private ChatTemplateException Wrong(int at, string problem) => new(PositionOf(at), problem);
}
