using System.Text;

namespace ModelForge.Corpus.Shell;

/// <summary>Parses a pattern: <c>(a|b)</c> one of, <c>[x]</c> half the time, <c>{slot}</c>, <c>@list</c>, and a backslash before what is meant as it is.</summary>
internal sealed class PatternParser(string text, IReadOnlyDictionary<string, TemplateNode> lists)
{
    private int _at;

    /// <summary>The whole text.</summary>
    /// <exception cref="FormatException">It is no pattern; the message says why.</exception>
    public TemplateNode Parse()
    {
        var node = Options(until: '\0');
        return _at == text.Length ? node : throw new FormatException($"'{text[_at]}' closes nothing");
    }

    private TemplateNode Options(char until)
    {
        List<TemplateNode> options = [Sequence(until)];
        while (_at < text.Length && text[_at] == '|')
        {
            _at++;
            options.Add(Sequence(until));
        }

        return options.Count == 1 ? options[0] : new TemplateNode.Choice(options);
    }

    private TemplateNode.Sequence Sequence(char until)
    {
        List<TemplateNode> parts = [];
        var words = new StringBuilder();
        while (_at < text.Length && text[_at] != until && text[_at] is not ('|' or ')' or ']'))
        {
            var character = text[_at++];
            switch (character)
            {
                case '\\' when _at < text.Length:
                    words.Append(text[_at++]);
                    break;
                case '(':
                    Flush();
                    parts.Add(Closed(')'));
                    break;
                case '[':
                    Flush();
                    parts.Add(new TemplateNode.Choice([Closed(']'), new TemplateNode.Words("")]));
                    break;
                case '{':
                    Flush();
                    var end = text.IndexOf('}', _at);
                    if (end < 0)
                        throw new FormatException("a { is not closed");
                    parts.Add(new TemplateNode.Slot(text[_at..end]));
                    _at = end + 1;
                    break;
                case '@':
                    Flush();
                    parts.Add(List());
                    break;
                default:
                    words.Append(character);
                    break;
            }
        }

        Flush();
        return new TemplateNode.Sequence(parts);

        void Flush()
        {
            if (words.Length > 0)
                parts.Add(new TemplateNode.Words(words.ToString()));
            words.Clear();
        }
    }

    private TemplateNode Closed(char closing)
    {
        var inner = Options(closing);
        if (_at >= text.Length || text[_at] != closing)
            throw new FormatException($"a '{closing}' is missing");
        _at++;
        return inner;
    }

    private TemplateNode List()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
            _at++;
        return lists.TryGetValue(text[start.._at], out var list) ? list : throw new FormatException($"there is no list @{text[start.._at]}");
    }
}
