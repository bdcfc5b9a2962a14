using ModelForge.Corpus.Shell;

namespace ModelForge.Corpus.Reading;

/// <summary>
/// Phrasings of the trained split, from the files <c>*.phrasings</c>: a section begins with its name in brackets, and a line is a phrasing. What shares
/// four words in a row with a held-out phrasing of its list, or is one, is left out.
/// </summary>
internal static class Phrasings
{
    /// <summary>In whose places values stand.</summary>
    private const string Marks = "@#$%";

    private static readonly string[] Files = ["facts.phrasings", "tools.phrasings", "frames.phrasings"];

    private static readonly Dictionary<string, List<string>> Sections = Load();

    /// <summary>The trained phrasings of a list: those given and those of the file's section.</summary>
    /// <param name="section">The section's name.</param>
    /// <param name="given">Phrasings that stand in the code.</param>
    /// <param name="heldOut">The held-out phrasings of the list.</param>
    public static string[] Trained(string section, IEnumerable<string> given, IReadOnlyCollection<string> heldOut) =>
        Apart(given.Concat(Sections.GetValueOrDefault(section, [])), heldOut);

    /// <summary>The same, of those lines of the section that begin with a letter and a space, which are taken off.</summary>
    public static string[] TrainedOf(string section, char list, IEnumerable<string> given, IReadOnlyCollection<string> heldOut) =>
        Apart(given.Concat(Sections.GetValueOrDefault(section, []).Where(line => line[0] == list && line[1] == ' ').Select(static line => line[2..])), heldOut);

    /// <summary>Now and then another word, one too few or one too many in what is learned: the words around a name are not always those that are known.</summary>
    public static string Disturb(string phrasing, CorpusRandom random, CorpusSplit split) =>
        split == CorpusSplit.Trained && random.Chance(0.4) ? Noise.Disturb(phrasing, static random => MadeUpNames.Plain(random, CorpusSplit.Trained), random) : phrasing;

    private static string[] Apart(IEnumerable<string> trained, IReadOnlyCollection<string> heldOut)
    {
        var runs = heldOut.SelectMany(Runs).ToHashSet(StringComparer.Ordinal);
        var wholes = heldOut.Select(Plain).ToHashSet(StringComparer.Ordinal);
        return [.. trained.Where(line => !wholes.Contains(Plain(line)) && !Runs(line).Any(runs.Contains)).Distinct(StringComparer.Ordinal)];
    }

    private static string Plain(string phrasing) => string.Join(' ', WordRuns.Words(phrasing, Marks));

    private static IEnumerable<string> Runs(string phrasing) => WordRuns.Of([.. WordRuns.Words(phrasing, Marks)]);

    private static Dictionary<string, List<string>> Load()
    {
        var sections = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var file in Files)
        {
            using var stream = typeof(Phrasings).Assembly.GetManifestResourceStream(file) ?? throw new InvalidOperationException($"The resource {file} is missing.");
            using var reader = new StreamReader(stream);
            List<string>? section = null;
            for (var number = 1; reader.ReadLine() is { } line; number++)
            {
                if (line.Length == 0)
                    continue;
                if (line[0] == '[' && line[^1] == ']')
                    section = sections.TryGetValue(line[1..^1], out var known) ? known : sections[line[1..^1]] = [];
                else
                    (section ?? throw new InvalidOperationException($"{file}, line {number}: '{line}' stands before the first section.")).Add(line);
            }
        }

        return sections;
    }
}
