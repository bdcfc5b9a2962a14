namespace LLMOS.SystemInterface.Syscalls;

/// <summary>
/// Reads the calls as a model writes them: JSON, but for spans of the sentence that stand between their quotes as they are, without
/// escapes, as the grammar lets no quote into them.
/// </summary>
internal sealed class SyscallTextReader(string text)
{
    private int _at;

    /// <summary>The calls; null where the text is not whole.</summary>
    public List<(string Name, List<KeyValuePair<string, SyscallTextValue>> Arguments)>? Read()
    {
        List<(string, List<KeyValuePair<string, SyscallTextValue>>)> calls = [];
        if (!Take("["))
            return null;
        do
        {
            if (!Take("{\"syscall\":") || Quoted() is not { } name || !Take(",\"args\":{") || Arguments() is not { } arguments || !Take("}}"))
                return null;
            calls.Add((name, arguments));
        }
        while (Take(","));
        return Take("]") && _at == text.Length ? calls : null;
    }

    private List<KeyValuePair<string, SyscallTextValue>>? Arguments()
    {
        List<KeyValuePair<string, SyscallTextValue>> arguments = [];
        if (_at < text.Length && text[_at] == '}')
            return arguments;
        do
        {
            if (Quoted() is not { } key || !Take(":") || Value() is not { } value)
                return null;
            arguments.Add(KeyValuePair.Create(key, value));
        }
        while (Take(","));
        return arguments;
    }

    private SyscallTextValue? Value()
    {
        if (Take("["))
        {
            List<SyscallTextValue> items = [];
            do
            {
                if (Value() is not { } item)
                    return null;
                items.Add(item);
            }
            while (Take(","));
            return Take("]") ? new SyscallTextValue("", false, items) : null;
        }

        if (_at < text.Length && text[_at] == '"')
            return Quoted() is { } words ? new SyscallTextValue(words, true) : null;
        var start = _at;
        while (_at < text.Length && text[_at] is not (',' or '}' or ']'))
            _at++;
        var bare = text[start.._at].Trim();
        return bare == "true" || decimal.TryParse(bare, System.Globalization.CultureInfo.InvariantCulture, out _) ? new SyscallTextValue(bare, false) : null;
    }

    private string? Quoted()
    {
        if (!Take("\""))
            return null;
        var end = text.IndexOf('"', _at);
        if (end < 0)
            return null;
        var quoted = text[_at..end];
        _at = end + 1;
        return quoted;
    }

    private bool Take(string expected)
    {
        if (!text.AsSpan(_at).StartsWith(expected, StringComparison.Ordinal))
            return false;
        _at += expected.Length;
        return true;
    }
}
