using ModelForge.Corpus;
using ModelForge.Tests.Tokenization;
using ModelForge.Tokenization;
using ModelForge.Training;

namespace ModelForge.Tests.Corpus;

public sealed class CorpusMixtureTests
{
    private static readonly WordSource[] Sources = [new("short", 3, 8), new("long", 1, 90), new("middle", 2, 30)];

    [Fact]
    public void Each_source_has_its_share_of_the_tokens()
    {
        var mixture = new CorpusMixture(Sources, Sample.Vocabulary, seed: 5, maxTokens: 1000);
        var tokens = new double[3];
        for (var i = 0; i < 20_000; i++)
        {
            var document = mixture.Next();
            tokens[document.Task] += document.Tokens.Length;
        }

        Assert.Equal(["short", "long", "middle"], mixture.Tasks);
        for (var task = 0; task < 3; task++)
            Assert.InRange(tokens[task] / tokens.Sum(), Sources[task].Weight / 6 * 0.95, Sources[task].Weight / 6 * 1.05);
    }

    [Fact]
    public void A_position_has_one_document_whatever_was_read_before()
    {
        var mixture = new CorpusMixture(Sources, Sample.Vocabulary, seed: 6, maxTokens: 300);
        var first = Read(mixture, 50);
        Assert.Equal(50, mixture.Position);

        mixture.Position = 20;
        Assert.Equal(first[20..], Read(mixture, 30));
        var other = new CorpusMixture(Sources, Sample.Vocabulary, seed: 6, maxTokens: 300) { Position = 49 };
        Assert.Equal(first[49..], Read(other, 1));
        Assert.NotEqual(first, Read(new CorpusMixture(Sources, Sample.Vocabulary, seed: 7, maxTokens: 300), 50));
        Assert.Equal(50, first.Distinct().Count());
    }

    [Fact]
    public void No_document_is_longer_than_allowed()
    {
        var mixture = new CorpusMixture(Sources, Sample.Vocabulary, seed: 8, maxTokens: 60);

        Assert.All(Enumerable.Range(0, 2000), _ => Assert.InRange(mixture.Next().Tokens.Length, 5, 60));
        Assert.Throws<BadInputException>(() => new CorpusMixture(Sources, Sample.Vocabulary, seed: 8, maxTokens: 3));
    }

    [Fact]
    public void A_split_is_handed_on_to_the_sources()
    {
        var encoder = new SpmEncoder(Sample.Vocabulary);
        var heldOut = new CorpusMixture(Sources, Sample.Vocabulary, seed: 9, maxTokens: 300, CorpusSplit.HeldOut).Next();

        Assert.StartsWith("unseen", encoder.Decode(heldOut.Tokens.AsSpan(heldOut.Learned[0].Start)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mixture_of_nothing_is_refused() =>
        Assert.Throws<BadInputException>(() => new CorpusMixture([], Sample.Vocabulary, seed: 1, maxTokens: 100));

    private static string[] Read(CorpusMixture mixture, int count) => [.. Enumerable.Range(0, count).Select(_ => Text(mixture.Next()))];

    private static string Text(TrainingDocument document) => $"{document.Task} {document.Learned[0].Start}: {string.Join(' ', document.Tokens)}";
}
