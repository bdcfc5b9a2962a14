using ModelForge.Corpus;
using ModelForge.Corpus.Reading;

namespace ModelForge.Tests.Reading;

public sealed class FactKindTests
{
    public static TheoryData<string> Kinds => [.. FactKinds.All.Select(kind => kind.Name)];

    [Fact]
    public void There_are_many_kinds() => Assert.InRange(FactKinds.All.Count, 20, 100);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_has_many_phrasings_and_others_held_out(string name)
    {
        var kind = FactKinds.All.Single(kind => kind.Name == name);
        var (sentences, questions, reverse) = (kind.Sentences(CorpusSplit.Trained), kind.Questions(CorpusSplit.Trained), kind.ReverseQuestions(CorpusSplit.Trained));
        var (heldSentences, heldQuestions, heldReverse) = (kind.Sentences(CorpusSplit.HeldOut), kind.Questions(CorpusSplit.HeldOut), kind.ReverseQuestions(CorpusSplit.HeldOut));

        Assert.True(sentences.Count >= 12, $"{sentences.Count} sentences");
        Assert.True(questions.Count >= 8, $"{questions.Count} questions");
        Assert.True(heldSentences.Count >= 4 && heldQuestions.Count >= 3, "too few are held out");
        Assert.Equal(reverse.Count == 0, heldReverse.Count == 0);
        string[] trained = [.. sentences, kind.Summary, .. questions, .. reverse];
        Assert.Empty(trained.Intersect([.. heldSentences, .. heldQuestions, .. heldReverse], StringComparer.OrdinalIgnoreCase));
        Assert.All([.. sentences, .. heldSentences, kind.Summary], sentence => Assert.True(
            sentence.Count(c => c == '@') == 1 && sentence.Count(c => c == '#') == 1 && sentence[^1] == '.', sentence));
        Assert.All([.. questions, .. heldQuestions], question => Assert.True(question.Count(c => c == '@') == 1 && !question.Contains('#'), question));
        Assert.All([.. reverse, .. heldReverse], question => Assert.True(question.Count(c => c == '#') == 1 && !question.Contains('@'), question));
    }

    [Fact]
    public void A_value_with_an_at_sign_stays_whole() =>
        Assert.Equal("Write to Mira at a#b@c.org.", new Fact(FactKinds.All[0], "Mira", "a#b@c.org").In("Write to @ at #."));
}
