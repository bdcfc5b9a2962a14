namespace ModelForge.Corpus.Reading;

/// <summary>A question over a context, with its answer.</summary>
internal sealed record QuestionCase(string Context, string Question, string Answer)
{
    public IReadOnlyList<DocumentMessage> Prompt => ReadingPrompts.Question(Context, Question);
}
