using ModelForge.Corpus;

namespace ModelForge.Tests.Corpus;

/// <summary>Documents of random words: as many as said, about.</summary>
internal sealed class WordSource(string task, double weight, int words) : ICorpusSource
{
    public string Task => task;

    public double Weight => weight;

    public IReadOnlyList<string> FixedPieces => ["<answer>"];

    public Document Next(CorpusRandom random, CorpusSplit split) => new(task,
    [
        new("user", Text(random)),
        new("assistant", (split == CorpusSplit.HeldOut ? "unseen " : "<answer>") + Text(random)),
    ]);

    private string Text(CorpusRandom random) =>
        string.Join(' ', Enumerable.Range(0, random.Between(1, words)).Select(_ => random.Pick(Tokenization.Sample.Words)));
}
