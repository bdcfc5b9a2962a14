using System.Text;
using System.Text.Json;

namespace LLMOS.Inference.ToolCalls;

/// <summary>Reads one call that is a JSON object with a name and arguments, and passes the arguments on as they come.</summary>
/// <param name="input">What the model writes.</param>
/// <param name="output">Where the call goes.</param>
/// <param name="keys">What its parts are called.</param>
/// <param name="leading">Takes leading spaces off its texts; null where they are the model's own.</param>
internal sealed class JsonCallReader(OutputText input, DeltaWriter output, JsonCallKeys keys, LeadingSpaces? leading = null)
{
    private readonly JsonScanner _scanner = new();
    private readonly StringBuilder _part = new();
    private readonly StringBuilder _arguments = new();
    private bool _inKey;
    private bool _inValue;
    private string _key = "";
    private string? _name;
    private string? _id;
    private bool _started;
    private bool _hasArguments;
    private bool _streams;

    /// <summary>Whether a whole call was read.</summary>
    public bool Succeeded { get; private set; }

    /// <summary>Reads to the object's end, or to the character that shows that it is no call, which stays unread.</summary>
    public IEnumerable<int> Read()
    {
        var isWrong = false;
        while (!isWrong && !_scanner.IsComplete)
        {
            var count = 0;
            while (count < input.Length && !isWrong && !_scanner.IsComplete)
            {
                isWrong = !TryPush(input[count]);
                count += isWrong ? 0 : 1;
            }
            input.Take(count);
            Flush();
            if (isWrong || _scanner.IsComplete || input.IsEnd)
                break;
            yield return 0;
        }
        Succeeded = !isWrong && _scanner.IsComplete && _name is not null;
        if (Succeeded)
            End();
    }

    private bool TryPush(char character)
    {
        var (depth, wasLiteral) = (_scanner.Depth, _scanner.InLiteral);
        var beginsKey = depth == 1 && _scanner.ExpectsKey && character == '"';
        var beginsValue = depth == 1 && _scanner.ExpectsValue && !char.IsWhiteSpace(character) && character != ']';
        if (depth == 0 && character != '{' && !char.IsWhiteSpace(character))
            return false;
        if (!_scanner.TryPush(character))
            return false;
        if (_inValue && depth == 1 && wasLiteral && !_scanner.InLiteral && !TryEndValue())
            return false;
        if (beginsKey || beginsValue)
        {
            (_inKey, _inValue) = (beginsKey, beginsValue);
            _streams = beginsValue && IsArguments(_key) && character == '{';
            if (beginsValue && IsArguments(_key) && _hasArguments)
                return false;
            _hasArguments |= _streams;
        }
        if (!_inKey && !_inValue)
            return true;
        (_streams ? _arguments : _part).Append(character);
        if (_inKey)
            return _scanner.InString || TryEndKey();
        return _scanner.Depth != 1 || _scanner.InString || _scanner.InLiteral || TryEndValue();
    }

    private bool IsArguments(string key) => keys.Arguments.Contains(key);

    private bool TryEndKey()
    {
        _inKey = false;
        return TryDecode(out _key!);
    }

    private bool TryEndValue()
    {
        _inValue = false;
        if (IsArguments(_key))
            return TryEndArguments();
        if (!keys.Name.Contains(_key) && !keys.Id.Contains(_key))
        {
            _part.Clear();
            return true;
        }
        var isText = _part.Length > 0 && _part[0] == '"';
        var text = _part.ToString();
        if (isText && !TryDecode(out text))
            return false;
        _part.Clear();
        if (keys.Id.Contains(_key))
            _id ??= text;
        else if (!isText || text!.Length == 0 || _name is not null)
            return false;
        else
            _name = text;
        return true;
    }

    /// <summary>Arguments that are no object: JSON in a string, as some models write, or nothing.</summary>
    private bool TryEndArguments()
    {
        if (_streams)
            return true;
        var text = _part.ToString();
        if (text[0] == '"' && !TryDecode(out text))
            return false;
        _part.Clear();
        _hasArguments = true;
        text = text is "null" or "" ? "{}" : text;
        if (!IsJsonObject(text!))
            return false;
        _arguments.Append(text);
        return true;
    }

    private void Flush()
    {
        if (_name is null || _arguments.Length == 0)
            return;
        Start();
        output.Arguments(Shown(_arguments.ToString()));
        _arguments.Clear();
    }

    private void Start()
    {
        if (!_started)
            output.Start(_id, _name!);
        _started = true;
    }

    private void End()
    {
        Start();
        output.Arguments(_arguments.Length > 0 ? Shown(_arguments.ToString()) : _hasArguments ? "" : "{}");
        output.EndCall();
    }

    private string Shown(string arguments) => leading?.Trim(arguments) ?? arguments;

    private bool TryDecode(out string? text)
    {
        text = null;
        try
        {
            using var document = JsonDocument.Parse(_part.ToString());
            text = document.RootElement.GetString();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // An escape of half a character.
        }
        _part.Clear();
        return text is not null;
    }

    private static bool IsJsonObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
