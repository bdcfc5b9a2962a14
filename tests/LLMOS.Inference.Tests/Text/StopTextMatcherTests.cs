using CsCheck;
using LLMOS.Inference.Text;

namespace LLMOS.Inference.Tests.Text;

public sealed class StopTextMatcherTests
{
    [Fact]
    public void What_may_begin_a_stop_text_is_held_back()
    {
        var matcher = new StopTextMatcher(["</end>"]);
        Assert.Equal("a ", matcher.Push("a </", out _));
        Assert.Equal("</em>", matcher.Push("em>", out var stopped));
        Assert.False(stopped);
        Assert.Equal("b", matcher.Push("b</e", out _));
        Assert.Equal("", matcher.Push("nd> and more", out stopped));
        Assert.True(stopped);
    }

    /// <summary>However a text is cut into pieces, it ends before the stop text that is complete first.</summary>
    [Fact]
    public void Any_text_ends_before_the_stop_text_that_is_complete_first() =>
        Gen.Select(Gen.Char["ab"].Array[0, 20], Gen.Char["ab"].Array[1, 3].Array[1, 3], Gen.Int[1, 4]).Sample((letters, stopLetters, width) =>
        {
            var text = new string(letters);
            var stops = stopLetters.Select(stop => new string(stop)).ToArray();
            var end = stops.Select(stop => (Begin: text.IndexOf(stop, StringComparison.Ordinal), stop.Length)).Where(found => found.Begin >= 0)
                .OrderBy(found => found.Begin + found.Length).ThenBy(found => found.Begin).Select(found => found.Begin).Append(text.Length).First();

            var matcher = new StopTextMatcher(stops);
            var shown = "";
            var stopped = false;
            foreach (var piece in letters.Chunk(width))
            {
                shown += matcher.Push(new string(piece), out stopped);
                if (stopped)
                    break;
            }
            if (!stopped)
                shown += matcher.Finish();
            Assert.Equal(text[..end], shown);
        });
}
