using System.Collections.Immutable;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>A place in a file, or a directory, that was found.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Line">The line that the text begins on, from 1; 0 for a directory.</param>
/// <param name="Text">What is there, as far as it helps to recognise it.</param>
/// <param name="Similarity">Cosine of the angle between its vector and that of the question, -1 to 1; 0 where words were looked for and not a meaning.</param>
[GenerateSerializer, Immutable, Alias("llmos.file-match")]
public sealed record FileMatch(
    [property: Id(0)] string Path,
    [property: Id(1)] NodeKind Kind,
    [property: Id(2)] int Line,
    [property: Id(3)] string Text,
    [property: Id(4)] float Similarity)
{
    /// <summary>Other paths of the same file, by name; empty for a file of one name.</summary>
    [Id(5)] public ImmutableArray<string> OtherPaths { get; init; } = [];
}
