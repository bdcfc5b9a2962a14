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
            var document = mixture.At(i);
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
        var first = Read(mixture, 0, 50);

        Assert.Equal(first[20..], Read(mixture, 20, 30));
        Assert.Equal(first[49..], Read(new CorpusMixture(Sources, Sample.Vocabulary, seed: 6, maxTokens: 300), 49, 1));
        Assert.NotEqual(first, Read(new CorpusMixture(Sources, Sample.Vocabulary, seed: 7, maxTokens: 300), 0, 50));
        Assert.Equal(50, first.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Several_readers_give_the_documents_in_their_order(int threads)
    {
        var mixture = new CorpusMixture(Sources, Sample.Vocabulary, seed: 6, maxTokens: 300);
        var reader = new DocumentReader(mixture, 7, threads);

        var (first, second) = (reader.Read(parts: 1, tokens: 500), reader.Read(parts: 1, tokens: 800));

        var read = first.Parts[0].Documents.Concat(second.Parts[0].Documents).Select(Text).ToArray();
        Assert.Equal(Read(mixture, 7, read.Length), read);
        Assert.Equal((7 + first.Parts[0].Documents.Count, 7 + read.Length), (first.Position, second.Position));
        Assert.True(first.Inputs >= 500 && second.Inputs >= 800);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void What_a_reader_meets_is_said_as_it_is(int threads) =>
        Assert.Equal("no more", Assert.Throws<BadInputException>(() => new DocumentReader(new Dry(), 0, threads).Read(parts: 1, tokens: 10)).Message);

    [Fact]
    public void No_document_is_longer_than_allowed()
    {
        var mixture = new CorpusMixture(Sources, Sample.Vocabulary, seed: 8, maxTokens: 60);

        Assert.All(Enumerable.Range(0, 2000), position => Assert.InRange(mixture.At(position).Tokens.Length, 5, 60));
        Assert.Throws<BadInputException>(() => new CorpusMixture(Sources, Sample.Vocabulary, seed: 8, maxTokens: 3));
    }

    [Fact]
    public void A_split_is_handed_on_to_the_sources()
    {
        var encoder = new SpmEncoder(Sample.Vocabulary);
        var heldOut = new CorpusMixture(Sources, Sample.Vocabulary, seed: 9, maxTokens: 300, CorpusSplit.HeldOut).At(0);

        Assert.StartsWith("unseen", encoder.Decode(heldOut.Tokens.AsSpan(heldOut.Learned[0].Start)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mixture_of_nothing_is_refused() =>
        Assert.Throws<BadInputException>(() => new CorpusMixture([], Sample.Vocabulary, seed: 1, maxTokens: 100));

    private static string[] Read(CorpusMixture mixture, int first, int count) => [.. Enumerable.Range(first, count).Select(position => Text(mixture.At(position)))];

    private static string Text(TrainingDocument document) => $"{document.Task} {document.Learned[0].Start}: {string.Join(' ', document.Tokens)}";

    private sealed class Dry : ITrainingStream
    {
        public IReadOnlyList<string> Tasks { get; } = ["none"];

        public TrainingDocument At(long position) => throw new BadInputException("no more");
    }
}
