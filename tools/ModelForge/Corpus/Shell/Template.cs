namespace ModelForge.Corpus.Shell;

/// <summary>A phrasing and what it asks for.</summary>
/// <param name="Pattern">The phrasing.</param>
/// <param name="Calls">The system calls it asks for; empty for none.</param>
/// <param name="Answer">What is answered where it asks for none, slots in braces; null where that is not said.</param>
internal sealed record Template(TemplateNode Pattern, IReadOnlyList<TemplateCall> Calls, string? Answer)
{
    /// <summary>A phrasing in words and slots, alternatives decided.</summary>
    public IReadOnlyList<TemplateNode> Expand(CorpusRandom random)
    {
        List<TemplateNode> parts = [];
        Expand(Pattern, random, parts);
        return parts;
    }

    private static void Expand(TemplateNode node, CorpusRandom random, List<TemplateNode> parts)
    {
        switch (node)
        {
            case TemplateNode.Choice choice:
                Expand(random.Pick(choice.Options), random, parts);
                break;
            case TemplateNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                    Expand(part, random, parts);
                break;
            default:
                parts.Add(node);
                break;
        }
    }
}
