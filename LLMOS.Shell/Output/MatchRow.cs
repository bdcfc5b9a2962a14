namespace LLMOS.Shell.Output;

/// <summary>A place in a file that was found, as <c>fs search -o json</c> lists it.</summary>
internal sealed record MatchRow(string Path, int Line, string Text, float Similarity, IReadOnlyList<string> OtherPaths);
