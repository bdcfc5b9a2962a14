namespace ModelForge.Training;

/// <summary>Tokens of a document that follow one another.</summary>
/// <param name="Start">The index of the first.</param>
/// <param name="End">The index behind the last.</param>
public readonly record struct TokenSpan(int Start, int End)
{
    /// <summary>How many.</summary>
    public int Length => End - Start;
}
