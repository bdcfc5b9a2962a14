namespace LLMOS.SystemInterface.VectorFs;

/// <summary>A piece of a file that is found by itself.</summary>
/// <param name="Line">The line that it begins on, from 1; 0 for the name of the file or directory.</param>
/// <param name="Text">Its text.</param>
/// <param name="Vector">The embedding of the text.</param>
public sealed record FileChunk(int Line, string Text, float[] Vector);
