using System.Runtime.InteropServices;
using System.Text;
using LLMOS.Inference.Templates.Evaluation;

namespace LLMOS.Inference.Templates.Values;

/// <summary>Puts a text together and keeps where its characters come from.</summary>
/// <param name="budget">What is charged for the characters; null where they were charged before.</param>
internal sealed class TextBuilder(RenderBudget? budget)
{
    private readonly StringBuilder _text = new();
    private readonly List<TextRun> _runs = [];

    public int Length => _text.Length;

    public void Append(TextValue value) => Append(value, 0, value.Length);

    public void Append(TextValue value, int start, int length)
    {
        budget?.Write(_text.Length + (long)length, length);
        var (begin, end) = (_text.Length, start + length);
        _text.Append(value.Text, start, length);
        for (var run = length == 0 ? value.Runs.Count : value.RunAt(start); run < value.Runs.Count; run++)
        {
            AddRun(begin + Math.Min(value.Runs[run].End, end) - start, value.Runs[run].IsData);
            if (value.Runs[run].End >= end)
                break;
        }
    }

    public void Append(string text, bool isData = false)
    {
        budget?.Write(_text.Length + (long)text.Length, text.Length);
        _text.Append(text);
        if (text.Length > 0)
            AddRun(_text.Length, isData);
    }

    public TextValue ToText() => _text.Length == 0 ? TextValue.Empty : new(_text.ToString(), [.. _runs]);

    private void AddRun(int end, bool isData)
    {
        var runs = CollectionsMarshal.AsSpan(_runs);
        if (!runs.IsEmpty && runs[^1].IsData == isData)
            runs[^1] = new TextRun(end, isData);
        else
            _runs.Add(new TextRun(end, isData));
    }
}
