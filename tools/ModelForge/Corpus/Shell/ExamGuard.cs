namespace ModelForge.Corpus.Shell;

/// <summary>Keeps sentences that share a run of words with a phrasing of the exam out of the training.</summary>
internal sealed class ExamGuard
{
    private readonly HashSet<string> _runs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wholes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sentences;

    /// <summary>Collects the runs of all expansions that a fixed sample gives.</summary>
    /// <param name="exam">Phrasings of the exam.</param>
    /// <param name="sentences">Sentences of the exam that come of no phrasing.</param>
    public ExamGuard(IEnumerable<Template> exam, IEnumerable<string> sentences)
    {
        _sentences = sentences.Select(Plain).ToHashSet(StringComparer.Ordinal);
        const int Expansions = 60;
        foreach (var template in exam)
        {
            var random = new CorpusRandom(1);
            for (var i = 0; i < Expansions; i++)
            {
                var words = Words(template.Expand(random));
                _runs.UnionWith(WordRuns.Of(words));
                _wholes.Add(Whole(words));
            }
        }
    }

    /// <summary>Whether an expansion may be trained on.</summary>
    public bool Allows(IReadOnlyList<TemplateNode> expansion)
    {
        var words = Words(expansion);
        return !WordRuns.Of(words).Any(_runs.Contains) && !_wholes.Contains(Whole(words));
    }

    /// <summary>Whether a sentence may be trained on: whatever its casing and punctuation, it is none of the exam's.</summary>
    public bool Allows(string sentence) => !_sentences.Contains(Plain(sentence));

    private static string Plain(string sentence) => string.Join(' ', WordRuns.Words(sentence));

    /// <summary>All that a phrasing says but for what stands in its slots: one that is too short for a run is known by it.</summary>
    private static string Whole(string[] words) => string.Join(' ', words);

    /// <summary>A slot is a break, which ends a run: what stands in it is not the phrasing's.</summary>
    private static string[] Words(IReadOnlyList<TemplateNode> expansion) =>
        [.. expansion.SelectMany(static part => part is TemplateNode.Words { Text: var text } ? WordRuns.Words(text) : [WordRuns.Break])];
}
