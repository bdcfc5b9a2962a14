using ModelForge.Corpus.Shell;

namespace ModelForge.Corpus;

/// <summary>What nano is trained on.</summary>
internal static class CorpusSources
{
    /// <summary>A source for each task.</summary>
    public static IReadOnlyList<ICorpusSource> All { get; } =
    [
        new ShellSource(),
    ];
}
