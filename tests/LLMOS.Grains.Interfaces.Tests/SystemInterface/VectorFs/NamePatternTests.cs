using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Tests.SystemInterface.VectorFs;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("*.md", "a.md", true)]
    [InlineData("*.md", ".md", true)]
    [InlineData("*.md", "a.md.bak", false)]
    [InlineData("*.MD", "a.md", false)]
    [InlineData("a?c", "aüc", true)]
    [InlineData("a?c", "a😀c", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*", "", true)]
    [InlineData("[a-c]*[!0-9]", "bread", true)]
    [InlineData("[a-c]*[!0-9]", "bread7", false)]
    [InlineData("[^a]b", "cb", true)]
    [InlineData("[]x]", "]", true)]
    [InlineData("[!]x]", "]", false)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[😀-😂]", "😁", true)]
    [InlineData(@"\*", "*", true)]
    [InlineData(@"\*", "a", false)]
    [InlineData(@"[\]a]b", "]b", true)]
    [InlineData(@"a\\b", @"a\b", true)]
    [InlineData("a.c", "abc", false)]
    public void A_pattern_is_for_a_whole_name_as_in_shells(string pattern, string name, bool matches) => Assert.Equal(matches, NamePattern.Parse(pattern).IsMatch(name));

    [Theory]
    [InlineData("READ*", "readme.md", true)]
    [InlineData("*ÜBER?", "bücherübera", true)]
    [InlineData("[A-C]x", "bX", true)]
    [InlineData("[a-c]x", "BX", true)]
    [InlineData("[!a-c]x", "BX", false)]
    [InlineData("read", "write", false)]
    public void Case_does_not_matter_where_that_is_asked_for(string pattern, string name, bool matches) => Assert.Equal(matches, NamePattern.Parse(pattern, anyCase: true).IsMatch(name));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("[abc", "its '[' has no ']'")]
    [InlineData("[]", "its '[' has no ']'")]
    [InlineData("[z-a]", "its range z-a goes backwards: write a-z")]
    [InlineData(@"a\", @"nothing comes after its last '\'")]
    [InlineData("docs/*.md", "no name has a '/'")]
    [InlineData("[a/]", "no name has a '/'")]
    public void What_is_no_pattern_is_refused_with_a_sentence(string pattern, string why)
    {
        var wrong = Assert.Throws<LlmosException>(() => NamePattern.Parse(pattern));
        Assert.Equal(LlmosErrorCode.InvalidArgument, wrong.Code);
        Assert.StartsWith($"'{pattern}' is no pattern of names: {why}", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_is_too_long_is_refused_and_one_of_many_stars_is_no_long_wait()
    {
        Assert.Contains("longer than 1024", Assert.Throws<LlmosException>(() => NamePattern.Parse(new string('a', 1_025))).Message, StringComparison.Ordinal);
        Assert.False(NamePattern.Parse(string.Concat(Enumerable.Repeat("*a", 500)) + "b").IsMatch(new string('a', 255)));
    }

    [Fact]
    public void It_matches_what_a_regular_expression_of_the_same_meaning_does()
    {
        (string Pattern, string Expression)[] parts = [("a", "a"), ("b", "b"), ("*", ".*"), ("?", "."), ("[ab]", "[ab]"), ("[!a]", "[^a]"), (@"\?", @"\?"), (".", @"\.")];
        var patterns = Gen.Int[0, parts.Length - 1].Select(i => parts[i]).Array[1, 8];
        var names = Gen.Char["ab?.c"].Array[0, 10].Select(characters => new string(characters));
        patterns.Select(names).Sample((pattern, name) =>
        {
            var (text, expression) = (new StringBuilder(), new StringBuilder("^"));
            foreach (var part in pattern)
            {
                text.Append(part.Pattern);
                expression.Append(part.Expression);
            }

            return NamePattern.Parse(text.ToString()).IsMatch(name) == Regex.IsMatch(name, $"{expression}$", RegexOptions.Singleline);
        });
    }
}
