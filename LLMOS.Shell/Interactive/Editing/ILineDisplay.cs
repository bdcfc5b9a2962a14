namespace LLMOS.Shell.Interactive.Editing;

/// <summary>Where a line is shown while it is written.</summary>
internal interface ILineDisplay
{
    /// <summary>Goes to a row of its own, whatever was written before.</summary>
    void Begin();

    /// <summary>Shows a line in the place of what was shown before.</summary>
    /// <param name="prompt">What stands before it.</param>
    /// <param name="text">The line, which may be of several lines.</param>
    /// <param name="cursor">Characters before the cursor.</param>
    void Show(string prompt, string text, int cursor);

    /// <summary>Leaves what is shown where it is, and goes to the line below.</summary>
    void Leave();

    /// <summary>Writes words below what is shown.</summary>
    void List(IReadOnlyList<string> words);

    /// <summary>Empties the screen.</summary>
    void Clear();
}
