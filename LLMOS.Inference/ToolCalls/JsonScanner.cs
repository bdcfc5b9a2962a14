using System.Text;
using System.Text.Json;

namespace LLMOS.Inference.ToolCalls;

/// <summary>Checks JSON character by character and tells where in it the next one stands.</summary>
internal sealed class JsonScanner
{
    private const int DeepestNesting = 100;

    private readonly Stack<char> _open = new();
    private readonly StringBuilder _literal = new();
    private Expectation _expects = Expectation.Value;
    private bool _isEscape;
    private int _hexDigits;

    private enum Expectation
    {
        Value,
        ValueOrEnd,
        Key,
        KeyOrEnd,
        Colon,
        CommaOrEnd,
        Nothing,
    }

    /// <summary>How many objects and arrays are open.</summary>
    public int Depth => _open.Count;

    public bool InString { get; private set; }

    /// <summary>Whether a number or a name such as <c>true</c> has begun, whose end only the character behind it shows.</summary>
    public bool InLiteral => _literal.Length > 0;

    public bool ExpectsKey => !InString && _expects is Expectation.Key or Expectation.KeyOrEnd;

    public bool ExpectsValue => !InString && !InLiteral && _expects is Expectation.Value or Expectation.ValueOrEnd;

    /// <summary>Whether the object, array or string that the text began with is closed.</summary>
    public bool IsComplete => _expects == Expectation.Nothing;

    /// <summary>Takes a character; false when JSON cannot go on with it.</summary>
    public bool TryPush(char character)
    {
        if (InString)
            return TryPushInString(character);
        if (InLiteral)
        {
            if (char.IsAsciiLetterOrDigit(character) || character is '+' or '-' or '.')
            {
                _literal.Append(character);
                return _literal.Length < 1000;
            }
            if (!IsLiteral(_literal.ToString()))
                return false;
            _literal.Clear();
            EndValue();
        }
        return character is ' ' or '\t' or '\n' or '\r' ? !IsComplete : TryPushMark(character);
    }

    private bool TryPushMark(char character)
    {
        switch (character, _expects)
        {
            case ('{' or '[', Expectation.Value or Expectation.ValueOrEnd) when _open.Count < DeepestNesting:
                _open.Push(character);
                _expects = character == '{' ? Expectation.KeyOrEnd : Expectation.ValueOrEnd;
                return true;
            case ('}', Expectation.KeyOrEnd or Expectation.CommaOrEnd) when _open.Peek() == '{':
            case (']', Expectation.ValueOrEnd or Expectation.CommaOrEnd) when _open.Peek() == '[':
                _open.Pop();
                EndValue();
                return true;
            case ('"', Expectation.Key or Expectation.KeyOrEnd or Expectation.Value or Expectation.ValueOrEnd):
                InString = true;
                return true;
            case (':', Expectation.Colon):
                _expects = Expectation.Value;
                return true;
            case (',', Expectation.CommaOrEnd):
                _expects = _open.Peek() == '{' ? Expectation.Key : Expectation.Value;
                return true;
            case ('-' or 't' or 'f' or 'n' or (>= '0' and <= '9'), Expectation.Value or Expectation.ValueOrEnd):
                _literal.Append(character);
                return true;
            default:
                return false;
        }
    }

    private bool TryPushInString(char character)
    {
        if (_hexDigits > 0)
        {
            _hexDigits--;
            return char.IsAsciiHexDigit(character);
        }
        if (_isEscape)
        {
            _isEscape = false;
            _hexDigits = character == 'u' ? 4 : 0;
            return character is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't' or 'u';
        }
        _isEscape = character == '\\';
        if (character == '"')
        {
            InString = false;
            if (_expects is Expectation.Key or Expectation.KeyOrEnd)
                _expects = Expectation.Colon;
            else
                EndValue();
        }
        return character >= ' ';
    }

    private void EndValue() => _expects = _open.Count == 0 ? Expectation.Nothing : Expectation.CommaOrEnd;

    private static bool IsLiteral(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
