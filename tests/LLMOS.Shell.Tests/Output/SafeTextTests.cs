using LLMOS.Shell.Output;

namespace LLMOS.Shell.Tests.Output;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain ü 漢 \U0001F600", "plain ü 漢 \U0001F600")]
    [InlineData("a\u001b[2Jb", "a[2Jb")]
    [InlineData("a\u009bb\u0007\0", "ab")]
    [InlineData("a\r\nb\tc", "a\nb\tc")]
    [InlineData("user\u202Etxt.exe", "usertxt.exe")]
    [InlineData("", "")]
    public void What_a_terminal_would_obey_is_left_out(string text, string safe) => Assert.Equal(safe, SafeText.Lines(text));

    [Theory]
    [InlineData("one\ntwo", 80, "one…")]
    [InlineData("one\n\n", 80, "one")]
    [InlineData("\n\n  one", 80, "one")]
    [InlineData("abcdefgh", 5, "abcd…")]
    [InlineData("abcde", 5, "abcde")]
    [InlineData("", 5, "")]
    public void The_first_line_is_cut(string text, int length, string line) => Assert.Equal(line, SafeText.FirstLine(text, length));
}
