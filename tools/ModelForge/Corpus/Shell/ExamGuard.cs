using System.Text;

namespace ModelForge.Corpus.Shell;

/// <summary>Keeps sentences that share a run of words with a phrasing of the exam out of the training.</summary>
internal sealed class ExamGuard
{
    /// <summary>Words in a row that no trained sentence may share with an exam's phrasing.</summary>
    public const int Run = 4;

    private readonly HashSet<string> _runs = new(StringComparer.Ordinal);

    /// <summary>Collects the runs of all expansions that a fixed sample gives.</summary>
    public ExamGuard(IEnumerable<Template> exam)
    {
        const int Expansions = 60;
        foreach (var template in exam)
        {
            var random = new CorpusRandom(1);
            for (var i = 0; i < Expansions; i++)
                _runs.UnionWith(Runs(template.Expand(random)));
        }
    }

    /// <summary>Whether an expansion may be trained on.</summary>
    public bool Allows(IReadOnlyList<TemplateNode> expansion) => !Runs(expansion).Any(_runs.Contains);

    private static IEnumerable<string> Runs(IReadOnlyList<TemplateNode> expansion)
    {
        List<string> words = [];
        foreach (var part in expansion)
        {
            // A slot ends a run: what stands in it is not the phrasing's.
            if (part is TemplateNode.Words { Text: var text })
            {
                words.AddRange(Words(text));
                continue;
            }

            words.Add("");
        }

        for (var i = 0; i + Run <= words.Count; i++)
        {
            var run = words.GetRange(i, Run);
            if (!run.Contains(""))
                yield return string.Join(' ', run);
        }
    }

    private static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var character in text.ToLowerInvariant() + " ")
        {
            if (char.IsLetterOrDigit(character) || character == '\'')
                word.Append(character);
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }
    }
}
