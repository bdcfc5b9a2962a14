namespace ModelForge.Corpus.Workflow;

/// <summary>The lines that programs have in common, each to be one token with its indentation and its line break.</summary>
internal static class FixedProgramPieces
{
    private const int Most = 300;
    private const int ShortestLine = 8;

    /// <summary>The lines that save the most, longest use first.</summary>
    public static IReadOnlyList<string> All { get; } = Choose();

    private static string[] Choose()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var kind in ProgramKind.All)
        {
            foreach (var language in Enum.GetValues<ProgramLanguage>())
            {
                Count(kind, language, []);
                Count(kind, language, kind.Features);
            }
        }

        return
        [
            .. counts.Where(line => line.Key.Length >= ShortestLine)
                .OrderByDescending(line => line.Value * line.Key.Length).ThenBy(line => line.Key, StringComparer.Ordinal)
                .Take(Most)
                .Select(line => line.Key),
        ];

        void Count(ProgramKind kind, ProgramLanguage language, IReadOnlyList<ProgramFeature> features)
        {
            // A name that is no kind's, to find the lines that depend on it.
            const string Name = "\u0001";
            foreach (var line in ProgramWriter.Write(new ProgramSpecification(kind, Name, language, features)).Split('\n'))
            {
                if (!line.Contains(Name, StringComparison.Ordinal))
                {
                    counts[line + "\n"] = counts.GetValueOrDefault(line + "\n") + 1;
                }
            }
        }
    }
}
