namespace LLMOS.Inference.Templates.Values;

/// <summary>
/// A text that knows which of its characters come from the chat. Only what the template itself spells may become a control token, so every
/// operation on texts keeps the origin of each character, or calls its result data where it cannot.
/// </summary>
internal sealed class TextValue : Value
{
    private readonly TextRun[] _runs;

    public TextValue(string text, TextRun[] runs)
    {
        Text = text;
        _runs = runs;
    }

    private TextValue(string text, bool isData)
        : this(text, text.Length == 0 ? [] : [new TextRun(text.Length, isData)])
    {
    }

    public static TextValue Empty { get; } = new("", []);

    public string Text { get; }

    /// <summary>The stretches of the text, neighbours of different origin, none empty.</summary>
    public IReadOnlyList<TextRun> Runs => _runs;

    /// <summary>Whether some of it comes from the chat.</summary>
    public bool HasData => Array.Exists(_runs, run => run.IsData);

    public int Length => Text.Length;

    public override string Kind => "string";

    public override bool IsTrue => Text.Length > 0;

    /// <summary>The number of the stretch that a character is in.</summary>
    public int RunAt(int at)
    {
        var (low, high) = (0, _runs.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _runs[middle].End <= at ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    public static TextValue OfTemplate(string text) => text.Length == 0 ? Empty : new(text, isData: false);

    public static TextValue OfData(string text) => text.Length == 0 ? Empty : new(text, isData: true);

    public static TextValue Of(string text, bool isData) => text.Length == 0 ? Empty : new(text, isData);

    public TextValue Slice(int start, int length)
    {
        if (length == 0)
            return Empty;
        if (length == Text.Length)
            return this;
        var builder = new TextBuilder(budget: null);
        builder.Append(this, start, length);
        return builder.ToText();
    }

    /// <summary>The same stretches over another text of the same length.</summary>
    public TextValue WithText(string text) =>
        text.Length == Text.Length ? new(text, _runs) : Of(text, HasData);

    public TextValue Trim(ReadOnlySpan<char> characters, bool atStart, bool atEnd)
    {
        var (from, to) = (0, Text.Length);
        while (atStart && from < to && IsTrimmed(Text[from], characters))
            from++;
        while (atEnd && from < to && IsTrimmed(Text[to - 1], characters))
            to--;
        return Slice(from, to - from);
    }

    private static bool IsTrimmed(char character, ReadOnlySpan<char> characters) =>
        characters.IsEmpty ? char.IsWhiteSpace(character) || character is >= '\u001c' and <= '\u001f' : characters.Contains(character);
}
