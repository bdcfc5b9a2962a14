namespace ModelForge.Corpus.Reading;

/// <summary>A text to summarize, and what must be kept of it.</summary>
internal sealed record SummaryCase(Scene Scene)
{
    public IReadOnlyList<DocumentMessage> Prompt => ReadingPrompts.Summary(Scene.Text);

    public string Summary => string.Join(' ', Scene.Facts.Select(fact => fact.In(fact.Kind.Summary)));
}
