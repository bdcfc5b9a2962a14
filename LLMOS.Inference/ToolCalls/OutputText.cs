using System.Text;

namespace LLMOS.Inference.ToolCalls;

/// <summary>Output that has come and is not read yet.</summary>
internal sealed class OutputText
{
    private string _text = "";
    private StringBuilder? _record;

    /// <summary>Whether no more will come.</summary>
    public bool IsEnd { get; private set; }

    public int Length => _text.Length;

    public bool IsEmpty => _text.Length == 0;

    public char this[int at] => _text[at];

    public void Append(string text) => _text += text;

    public void End() => IsEnd = true;

    public string Take(int length)
    {
        var taken = _text[..length];
        _text = _text[length..];
        _record?.Append(taken);
        return taken;
    }

    /// <summary>Keeps what is read from here on, so that it can be given back as content.</summary>
    public void BeginRecord() => _record = new StringBuilder();

    /// <summary>What was read since <see cref="BeginRecord"/>, which ends.</summary>
    public string EndRecord()
    {
        var record = _record?.ToString() ?? "";
        _record = null;
        return record;
    }

    /// <summary>Whether the output goes on with a mark; null while that cannot be told.</summary>
    public bool? StartsWith(string mark) =>
        _text.StartsWith(mark, StringComparison.Ordinal) ? true : !IsEnd && mark.StartsWith(_text, StringComparison.Ordinal) ? null : false;

    /// <summary>How many characters of white space come next.</summary>
    public int CountSpace()
    {
        var count = 0;
        while (count < _text.Length && char.IsWhiteSpace(_text[count]))
            count++;
        return count;
    }

    public int IndexOf(string mark) => _text.IndexOf(mark, StringComparison.Ordinal);

    /// <summary>The mark that comes first, and where; without one, null and how much of the output is certainly part of none.</summary>
    public (int At, string? Mark) Find(IReadOnlyList<string> marks)
    {
        var (at, found) = (int.MaxValue, (string?)null);
        foreach (var mark in marks)
        {
            var place = IndexOf(mark);
            if (place >= 0 && (place < at || (place == at && mark.Length > found!.Length)))
                (at, found) = (place, mark);
        }
        if (found is not null)
            return (at, found);
        return (IsEnd ? _text.Length : _text.Length - marks.Select(LongestBeginning).DefaultIfEmpty(0).Max(), null);
    }

    private int LongestBeginning(string mark)
    {
        for (var length = Math.Min(mark.Length - 1, _text.Length); length > 0; length--)
        {
            if (_text.AsSpan(_text.Length - length).SequenceEqual(mark.AsSpan(0, length)))
                return length;
        }
        return 0;
    }
}
