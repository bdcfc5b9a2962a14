using LLMOS.Shell.Interactive;

namespace LLMOS.Shell.Tests.Interactive;

public sealed class LineWordsTests
{
    [Theory]
    [InlineData("ps -a", "ps|-a")]
    [InlineData("  spawn  h 'You help.' --turn 9 ", "spawn|h|You help.|--turn|9")]
    [InlineData("ask h \"a \\\"b\\\" \\\\ c\"", "ask|h|a \"b\" \\ c")]
    [InlineData("ask h 'say \"hi\"'", "ask|h|say \"hi\"")]
    [InlineData("ask h don't", "ask|h|don't")]
    [InlineData("ask h \"\"", "ask|h|")]
    [InlineData("--data=\"/a b\"", "--data=/a b")]
    [InlineData("cat C:\\x", "cat|C:\\x")]
    [InlineData("", "")]
    public void A_line_is_split_into_words(string line, string words) => Assert.Equal(words, string.Join('|', LineWords.Split(line)));

    [Theory]
    [InlineData("ask h \"open")]
    [InlineData("ask h 'open")]
    public void An_open_quote_is_told(string line) => Assert.Throws<UsageException>(() => LineWords.Split(line));
}
