using ModelForge.Corpus;
using ModelForge.Corpus.Reading;
using ModelForge.Corpus.Reading.Tools;

namespace ModelForge.Tests.Reading;

public sealed class PhrasingsTests
{
    [Fact]
    public void A_phrasing_that_is_held_out_or_shares_four_words_with_one_is_not_trained()
    {
        string[] given = ["@ lives in #.", "the home of @ is known to be #.", "@, at home in #.", "Is the home of @ in #?"];

        var trained = Phrasings.Trained("no such section", given, ["As we know, it is known to be # where @ is.", "@ at home in #"]);

        Assert.Equal(["@ lives in #.", "Is the home of @ in #?"], trained);
    }

    [Fact]
    public void Every_kind_of_fact_has_many_phrasings_of_each_list_and_none_of_them_is_held_out()
    {
        foreach (var kind in FactKinds.All)
        {
            Assert.True(kind.Sentences(CorpusSplit.Trained).Count >= 100, $"{kind.Name}: {kind.Sentences(CorpusSplit.Trained).Count} sentences");
            Assert.True(kind.Questions(CorpusSplit.Trained).Count >= 50, $"{kind.Name}: {kind.Questions(CorpusSplit.Trained).Count} questions");
            Assert.All(kind.Sentences(CorpusSplit.Trained), static sentence => Marks(sentence, 1, 1));
            Assert.All(kind.Questions(CorpusSplit.Trained), static question => Marks(question, 1, 0));
            Assert.All(kind.ReverseQuestions(CorpusSplit.Trained), static question => Marks(question, 0, 1));
            Assert.Empty(kind.Sentences(CorpusSplit.Trained).Intersect(kind.Sentences(CorpusSplit.HeldOut), StringComparer.OrdinalIgnoreCase));
            Assert.Empty(kind.Questions(CorpusSplit.Trained).Intersect(kind.Questions(CorpusSplit.HeldOut), StringComparer.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Every_tool_has_phrases_that_are_not_held_out()
    {
        Assert.All(ToolVerb.All, static verb => Assert.True(verb.Trained.Length >= 15, $"{verb.Names[0]}: {verb.Trained.Length}"));
        Assert.All(ToolSlot.All, static slot =>
        {
            Assert.True(slot.Trained.Length >= 20, $"{slot.Name}: {slot.Trained.Length}");
            Assert.All(slot.Trained, static phrase => Marks(phrase, 0, 1));
            Assert.Empty(slot.Trained.Intersect(slot.HeldOut, StringComparer.OrdinalIgnoreCase));
        });
    }

    /// <summary>What is copied stands behind a space, as it does in answers: its tokens are then the same.</summary>
    private static void Marks(string phrasing, int entities, int values) => Assert.True(
        phrasing.Count(static character => character == '@') == entities && phrasing.Count(static character => character == '#') == values
        && (" " + phrasing).Split(' ').All(static word => word.IndexOfAny(['@', '#']) <= 0), phrasing);
}
