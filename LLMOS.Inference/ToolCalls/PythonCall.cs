using System.Globalization;
using System.Text;

namespace LLMOS.Inference.ToolCalls;

/// <summary>A call as Python writes it, with literals as its named arguments.</summary>
/// <param name="Name">The function, dots included.</param>
/// <param name="Arguments">The arguments as a JSON object.</param>
internal sealed record PythonCall(string Name, string Arguments)
{
    private const int DeepestNesting = 50;

    /// <summary>Parses a call and passes it; null when there is none, or it has another argument than a named literal.</summary>
    public static PythonCall? TryParse(string text, ref int at)
    {
        var parser = new Parser(text, at);
        var call = parser.Call();
        at = call is null ? at : parser.At;
        return call;
    }

    private ref struct Parser(string text, int at)
    {
        private readonly StringBuilder _json = new();
        private int _depth;

        public int At { get; private set; } = at;

        private readonly char Current => At < text.Length ? text[At] : '\0';

        public PythonCall? Call()
        {
            var name = Name(dots: true);
            if (name.Length == 0 || !Skip('('))
                return null;
            _json.Append('{');
            while (!Skip(')'))
            {
                var key = Name(dots: false);
                if (key.Length == 0 || !Skip('='))
                    return null;
                _json.Append(_json.Length > 1 ? ", " : "").Append(JsonString.Of(key)).Append(": ");
                if (!Value() || (!Skip(',') && Current != ')'))
                    return null;
            }
            return new PythonCall(name, _json.Append('}').ToString());
        }

        private bool Value()
        {
            SkipSpace();
            if (++_depth > DeepestNesting)
                return false;
            var isValue = Current switch
            {
                '"' or '\'' => Text(),
                '[' or '(' => Items(Current == '[' ? ']' : ')'),
                '{' => Map(),
                '-' or '+' or (>= '0' and <= '9') => Number(),
                _ => Constant(),
            };
            _depth--;
            SkipSpace();
            return isValue;
        }

        private bool Items(char close)
        {
            At++;
            _json.Append('[');
            for (var first = true; !Skip(close); first = false)
            {
                _json.Append(first ? "" : ", ");
                if (!Value() || (!Skip(',') && Current != close))
                    return false;
            }
            _json.Append(']');
            return true;
        }

        private bool Map()
        {
            At++;
            _json.Append('{');
            for (var first = true; !Skip('}'); first = false)
            {
                _json.Append(first ? "" : ", ");
                SkipSpace();
                if (Current is not ('"' or '\'') || !Text() || !Skip(':'))
                    return false;
                _json.Append(": ");
                if (!Value() || (!Skip(',') && Current != '}'))
                    return false;
            }
            _json.Append('}');
            return true;
        }

        private bool Text()
        {
            var quote = text[At++];
            var value = new StringBuilder();
            while (Current != quote)
            {
                if (At >= text.Length)
                    return false;
                var character = text[At++];
                if (character != '\\')
                {
                    value.Append(character);
                    continue;
                }
                if (At >= text.Length)
                    return false;
                var escape = text[At++];
                var digits = escape switch { 'x' => 2, 'u' => 4, _ => 0 };
                if (digits > 0)
                {
                    if (At + digits > text.Length || !int.TryParse(text.AsSpan(At, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                        return false;
                    value.Append((char)code);
                    At += digits;
                }
                else if ("ntrbf\\'\"".IndexOf(escape, StringComparison.Ordinal) is >= 0 and var known)
                {
                    value.Append("\n\t\r\b\f\\'\""[known]);
                }
                else
                {
                    value.Append('\\').Append(escape);
                }
            }
            At++;
            _json.Append(JsonString.Of(value.ToString()));
            return true;
        }

        private bool Number()
        {
            var begin = At;
            while (char.IsAsciiLetterOrDigit(Current) || Current is '.' or '-' or '+' or '_')
                At++;
            var number = text[begin..At].Replace("_", "", StringComparison.Ordinal);
            if (long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
                _json.Append(integer.ToString(CultureInfo.InvariantCulture));
            else if (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
                _json.Append(value.ToString("R", CultureInfo.InvariantCulture));
            else
                return false;
            return true;
        }

        private bool Constant()
        {
            var constant = Name(dots: false) switch
            {
                "True" or "true" => "true",
                "False" or "false" => "false",
                "None" or "null" => "null",
                _ => null,
            };
            _json.Append(constant);
            return constant is not null;
        }

        private string Name(bool dots)
        {
            SkipSpace();
            var begin = At;
            while (char.IsLetterOrDigit(Current) || Current is '_' or '-' || (dots && Current == '.'))
                At++;
            var name = text[begin..At];
            SkipSpace();
            return name.Length > 0 && !char.IsDigit(name[0]) && name[0] is not ('-' or '.') ? name : "";
        }

        private bool Skip(char character)
        {
            SkipSpace();
            if (Current != character || At >= text.Length)
                return false;
            At++;
            SkipSpace();
            return true;
        }

        private void SkipSpace()
        {
            while (At < text.Length && char.IsWhiteSpace(text[At]))
                At++;
        }
    }
}
