using LLMOS.Shell.Interactive.Editing;

namespace LLMOS.Shell.Tests.Interactive.Editing;

/// <summary>What was shown last, and what was listed.</summary>
internal sealed class RecordedDisplay : ILineDisplay
{
    public string Prompt { get; private set; } = "";

    public string Text { get; private set; } = "";

    public int Cursor { get; private set; }

    public List<string> Listed { get; } = [];

    public List<string> Shown { get; } = [];

    public void Begin()
    {
    }

    public void Show(string prompt, string text, int cursor)
    {
        (Prompt, Text, Cursor) = (prompt, text, cursor);
        Shown.Add(prompt + text);
    }

    public void Leave()
    {
    }

    public void List(IReadOnlyList<string> words) => Listed.AddRange(words);

    public void Clear()
    {
    }
}
