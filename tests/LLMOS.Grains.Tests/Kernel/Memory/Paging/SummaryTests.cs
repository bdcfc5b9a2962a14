using CsCheck;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Tests.Kernel.Memory.Paging;

public sealed class SummaryTests
{
    [Fact]
    public void A_cover_stands_for_each_page_once_in_order_with_at_most_three_nodes_of_a_level() => Gen.Int[0, 20_000].Sample(pages =>
    {
        var cover = SummaryNode.Cover(pages).ToList();
        var next = 0;
        foreach (var node in cover)
        {
            Assert.Equal(next, node.First);
            next += node.Count;
        }

        Assert.Equal(pages, next);
        Assert.All(cover.GroupBy(node => node.Level), level => Assert.InRange(level.Count(), 1, 3));
        Assert.All(cover.Where(node => node.Level > 0), node => Assert.Contains(node, SummaryNode.Above(pages)));
    });

    [Fact]
    public void A_node_is_made_of_four_of_the_level_below()
    {
        var node = new SummaryNode(2, 3);
        Assert.Equal((48, 16), (node.First, node.Count));
        Assert.Equal([12, 13, 14, 15], node.Parts.Select(part => part.Index));
        Assert.Equal([48, 52, 56, 60], node.Parts.Select(part => part.First));
        Assert.Empty(new SummaryNode(0, 3).Parts);
    }

    [Fact]
    public void An_extract_has_the_sentences_with_names_and_numbers_within_its_tokens_in_their_order()
    {
        var space = new HashingEmbedder();
        const string Text = "It was a long day and nobody was sure of it. The budget of project Tessin is 4200 euros. We talked. Mira Volt leads project Tessin since May. The weather was nice all along.";
        var extract = ExtractiveSummary.Of(Text, 28, space);
        Assert.Equal("The budget of project Tessin is 4200 euros. Mira Volt leads project Tessin since May.", extract);
        Assert.InRange(TokenEstimate.Of(ExtractiveSummary.Of(Text, 16, space)), 1, 16);
        Assert.Equal("It was a …", ExtractiveSummary.Of("It was a long day and nobody was sure of what was meant by that", 4, space));
        Assert.Equal("", ExtractiveSummary.Of("  \n", 20, space));
        Assert.Equal("", ExtractiveSummary.Of(Text, 0, space));
        Assert.Equal("The same line.", ExtractiveSummary.Of("The same line.\nThe same line.\nThe same line.", 30, space));
    }

    [Theory]
    [InlineData(512, 32)]
    [InlineData(1_024, 64)]
    [InlineData(1_500, 64)]
    [InlineData(4_096, 256)]
    [InlineData(131_072, 512)]
    [InlineData(0, 32)]
    public void A_page_is_a_sixteenth_of_the_window(int window, int page) => Assert.Equal(page, PageSize.Of(window));
}
