using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A place in a file that was found.</summary>
internal sealed record MatchView(string Path, string Kind, int Line, string Text, float Similarity, IReadOnlyList<string> OtherPaths)
{
    public static MatchView Of(FileMatch match) => new(match.Path, match.Kind.Word(), match.Line, match.Text, match.Similarity, match.OtherPaths);
}
