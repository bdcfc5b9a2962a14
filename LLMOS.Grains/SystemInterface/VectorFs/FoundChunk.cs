namespace LLMOS.SystemInterface.VectorFs;

/// <summary>A piece of a file in the store.</summary>
/// <param name="Id">The id of its vector.</param>
/// <param name="Inode">What it is a piece of, under whichever name.</param>
/// <param name="Path">Where the file or directory is now, by the name that the piece was found under.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Line">The line that it begins on, from 1; 0 for the name.</param>
/// <param name="Text">Its text.</param>
public sealed record FoundChunk(long Id, long Inode, string Path, NodeKind Kind, int Line, string Text)
{
    /// <summary>How many names the file has.</summary>
    public int Links { get; init; } = 1;
}
