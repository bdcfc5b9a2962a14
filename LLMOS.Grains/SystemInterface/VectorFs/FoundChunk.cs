namespace LLMOS.SystemInterface.VectorFs;

/// <summary>A piece of a file in the store.</summary>
/// <param name="Id">The id of its vector.</param>
/// <param name="Path">Where the file or directory is now.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Line">The line that it begins on, from 1; 0 for the name.</param>
/// <param name="Text">Its text.</param>
public sealed record FoundChunk(long Id, string Path, NodeKind Kind, int Line, string Text);
