namespace ModelForge.Corpus.Reading;

/// <summary>A claim with sources about it.</summary>
/// <param name="Claim">What is claimed.</param>
/// <param name="Sources">What sources say.</param>
/// <param name="Word">How sure a reader of the sources should be.</param>
/// <param name="IsTrue">Whether the claim is true in the generated world, which the sources know only with some chance.</param>
internal sealed record ConfidenceCase(string Claim, IReadOnlyList<string> Sources, string Word, bool IsTrue)
{
    public static readonly IReadOnlyList<string> Words = ["high", "medium", "low"];

    /// <summary>The facts that the sources state.</summary>
    public IReadOnlyList<Fact> Said { get; init; } = [];

    /// <summary>What else may be claimed to a reader of the same sources.</summary>
    public IReadOnlyList<Fact> Others { get; init; } = [];

    public IReadOnlyList<DocumentMessage> Prompt => ReadingPrompts.Confidence(Claim, Sources);
}
