namespace LLMOS.SystemInterface.VectorFs;

/// <summary>The next version of a file, with all that changes with it.</summary>
/// <param name="Path">An absolute path.</param>
/// <param name="Text">All of the content.</param>
/// <param name="Chunks">The content in pieces, the name first.</param>
/// <param name="Expected">The version that is replaced, 0 for none; null for whatever is there.</param>
/// <param name="Author">Who writes.</param>
/// <param name="Change">What the history says of it.</param>
public sealed record FileChange(string Path, string Text, IReadOnlyList<FileChunk> Chunks, long? Expected, FileAuthor Author, string Change)
{
    /// <summary>What the history says of what was added to the end.</summary>
    public const string Appended = "appended";
}
