using System.Globalization;

namespace LLMOS.Shell.Interactive.Editing;

/// <summary>The text that is being written, of one or several lines, and the place of the cursor in it. It moves by what a reader sees as one character.</summary>
internal sealed class LineBuffer
{
    public string Text { get; private set; } = "";

    /// <summary>Characters before the cursor.</summary>
    public int Cursor { get; private set; }

    public void Set(string text, int? cursor = null)
    {
        Text = text;
        Cursor = Math.Clamp(cursor ?? text.Length, 0, text.Length);
    }

    public void Insert(string text)
    {
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    /// <summary>Puts a text in the place of what stands from a position to the cursor.</summary>
    public void Replace(int start, string text)
    {
        Text = Text[..start] + text + Text[Cursor..];
        Cursor = start + text.Length;
    }

    public void Left() => Cursor = Before(Cursor);

    public void Right() => Cursor = After(Cursor);

    public void Home() => Cursor = LineStart;

    public void End() => Cursor = LineEnd;

    public void WordLeft()
    {
        while (Cursor > 0 && !char.IsLetterOrDigit(Text[Cursor - 1]))
        {
            Cursor--;
        }

        while (Cursor > 0 && char.IsLetterOrDigit(Text[Cursor - 1]))
        {
            Cursor--;
        }
    }

    public void WordRight()
    {
        while (Cursor < Text.Length && !char.IsLetterOrDigit(Text[Cursor]))
        {
            Cursor++;
        }

        while (Cursor < Text.Length && char.IsLetterOrDigit(Text[Cursor]))
        {
            Cursor++;
        }
    }

    /// <returns>Whether there is a line above.</returns>
    public bool Up()
    {
        if (LineStart == 0)
        {
            return false;
        }

        var column = Cursor - LineStart;
        var above = LineStart == 1 ? 0 : Text.LastIndexOf('\n', LineStart - 2) + 1;
        Cursor = Math.Min(above + column, LineStart - 1);
        return true;
    }

    /// <returns>Whether there is a line below.</returns>
    public bool Down()
    {
        if (LineEnd == Text.Length)
        {
            return false;
        }

        var column = Cursor - LineStart;
        var below = LineEnd + 1;
        var end = Text.IndexOf('\n', below);
        Cursor = Math.Min(below + column, end < 0 ? Text.Length : end);
        return true;
    }

    public void DeleteLeft() => Cut(Before(Cursor), Cursor);

    public void DeleteRight() => Cut(Cursor, After(Cursor));

    /// <summary>Up to the beginning of the word, as shells do: words end at spaces.</summary>
    public void DeleteWordLeft()
    {
        var start = Cursor;
        while (start > 0 && char.IsWhiteSpace(Text[start - 1]))
        {
            start--;
        }

        while (start > 0 && !char.IsWhiteSpace(Text[start - 1]))
        {
            start--;
        }

        Cut(start, Cursor);
    }

    public void DeleteToStart() => Cut(LineStart, Cursor);

    public void DeleteToEnd() => Cut(Cursor, LineEnd);

    private int LineStart => Cursor == 0 ? 0 : Text.LastIndexOf('\n', Cursor - 1) + 1;

    private int LineEnd => Text.IndexOf('\n', Cursor) is >= 0 and var end ? end : Text.Length;

    private void Cut(int from, int to)
    {
        Text = Text.Remove(from, to - from);
        Cursor = from;
    }

    private int Before(int position)
    {
        var last = 0;
        foreach (var start in StringInfo.ParseCombiningCharacters(Text))
        {
            if (start >= position)
            {
                break;
            }

            last = start;
        }

        return last;
    }

    private int After(int position)
    {
        foreach (var start in StringInfo.ParseCombiningCharacters(Text))
        {
            if (start > position)
            {
                return start;
            }
        }

        return Text.Length;
    }
}
