namespace LLMOS.SystemInterface.VectorFs;

/// <summary>What became of the files of a directory that was indexed.</summary>
/// <param name="Indexed">Files whose pieces were written.</param>
/// <param name="Unchanged">Files that were there with the same content.</param>
/// <param name="Removed">Files that were there and are gone.</param>
/// <param name="Pieces">Records that were written.</param>
public sealed record TreeCounts(int Indexed = 0, int Unchanged = 0, int Removed = 0, int Pieces = 0);
