namespace LLMOS.Shell.Indexing;

/// <summary>What became of the files of a folder.</summary>
internal sealed record IndexCounts(int Indexed = 0, int Unchanged = 0, int Removed = 0, int LeftOut = 0, int Pieces = 0);
