using LLMOS.Shell.Indexing;

namespace LLMOS.Shell.Tests;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("<div>")]
    [InlineData("<b>")]
    [InlineData("<table><tr><td>")]
    public void A_page_that_nests_without_end_is_refused_and_not_read_for_minutes(string tags)
    {
        var refusal = Assert.Throws<DocumentException>(() => HtmlText.Of(string.Concat(Enumerable.Repeat(tags + "words ", 60_000))));

        Assert.Contains("too deep", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<p>word")]
    [InlineData("<br>word")]
    [InlineData("<LI>word")]
    [InlineData("<div><b>word</b></div>")]
    [InlineData("word<svg><path d='M0 0'/><circle r='1'/></svg>")]
    [InlineData("word<script>var open = '<div><div><div>';</script>")]
    [InlineData("word<!-- <div><div> -->")]
    public void A_long_page_is_no_deep_one(string tags) =>
        Assert.Equal(5000, HtmlText.Of(string.Concat(Enumerable.Repeat(tags, 5000))).Split("word").Length - 1);

    [Fact]
    public void A_page_as_deep_as_allowed_is_read() =>
        Assert.Equal("word", HtmlText.Of(string.Concat(Enumerable.Repeat("<div>", 1900)) + "word"));
}
