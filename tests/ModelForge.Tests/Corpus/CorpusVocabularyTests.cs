using ModelForge.Corpus;
using ModelForge.Tokenization;

namespace ModelForge.Tests.Corpus;

public sealed class CorpusVocabularyTests
{
    private static readonly WordSource[] Sources = [new("short", 1, 8), new("long", 1, 90)];

    [Fact]
    public void The_sources_fixed_pieces_and_words_are_tokens()
    {
        var vocabulary = CorpusVocabulary.Learn(Sources, seed: 2, documents: 800, size: 480, TestContext.Current.CancellationToken);
        var encoder = new SpmEncoder(vocabulary);

        Assert.Equal(["<answer>", "process", "▁architect"], encoder.Encode("<answer>process architect", parseControl: false).Select(id => vocabulary.Pieces[id].Text));
        Assert.Contains(vocabulary.Pieces, piece => piece is { Text: "<answer>", Type: TokenType.UserDefined });
        Assert.Single(encoder.Encode("assistant", parseControl: false));
    }

    [Fact]
    public void A_seed_gives_one_vocabulary()
    {
        var one = CorpusVocabulary.Learn(Sources, seed: 2, documents: 300, size: 480, TestContext.Current.CancellationToken);

        Assert.Equal(one.Fingerprint, CorpusVocabulary.Learn(Sources, seed: 2, documents: 300, size: 480, TestContext.Current.CancellationToken).Fingerprint);
    }

    [Fact]
    public void More_pieces_than_the_sample_gives_are_refused()
    {
        var refusal = Assert.Throws<BadInputException>(() => CorpusVocabulary.Learn(Sources, seed: 2, documents: 3, size: 100_000, TestContext.Current.CancellationToken));

        Assert.Matches("A sample of 3 documents gives [0-9]+ pieces and not 100000: ask for no more, or for a larger sample.", refusal.Message);
    }

    [Fact]
    public void A_position_has_one_document_and_each_source_its_share_of_the_characters()
    {
        var documents = new CorpusDocuments(Sources, seed: 3);
        Assert.Equal(documents.At(7).Messages, new CorpusDocuments(Sources, seed: 3).At(7).Messages);

        var characters = Enumerable.Range(0, 8000).Select(i => documents.At(i))
            .GroupBy(document => document.Task, document => document.Messages.Sum(message => (double)message.Text.Length))
            .ToDictionary(task => task.Key, task => task.Sum());
        Assert.InRange(characters["short"] / characters["long"], 0.9, 1.1);
    }
}
