using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A place in a file that was found.</summary>
internal sealed record MatchView(string Path, string Kind, int Line, string Text, float Similarity)
{
    public static MatchView Of(FileMatch match) => new(match.Path, match.Kind == NodeKind.Directory ? "directory" : "file", match.Line, match.Text, match.Similarity);
}
