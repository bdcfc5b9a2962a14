namespace ModelForge.Corpus.Reading;

/// <summary>A question over a context, with its answer.</summary>
/// <param name="Scene">The context.</param>
/// <param name="Asked">The fact that the question is about, in the context or not.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer.</param>
internal sealed record QuestionCase(Scene Scene, Fact Asked, string Question, string Answer)
{
    public IReadOnlyList<DocumentMessage> Prompt => ReadingPrompts.Question(Scene.Text, Question);
}
