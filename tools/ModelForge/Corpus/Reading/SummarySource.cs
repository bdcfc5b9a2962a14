namespace ModelForge.Corpus.Reading;

/// <summary>Texts of facts and filler, summarized to a regular sentence a fact.</summary>
public sealed class SummarySource : ICorpusSource
{
    /// <inheritdoc/>
    public string Task => "summary";

    /// <inheritdoc/>
    public double Weight => 0.08;

    /// <inheritdoc/>
    public IReadOnlyList<string> FixedPieces => [];

    /// <inheritdoc/>
    public Document Next(CorpusRandom random, CorpusSplit split)
    {
        ArgumentNullException.ThrowIfNull(random);
        // Short ones are in the mix because a sentence at a time is the skill that the long ones repeat.
        var example = NextCase(random, split, random.Between(1, 8));
        return new Document(Task, [.. example.Prompt, new("assistant", " " + example.Summary)]);
    }

    internal static SummaryCase NextCase(CorpusRandom random, CorpusSplit split, int facts) =>
        new(Scene.Next(random, split, facts, random.Between(1, 1 + facts / 2)));
}
