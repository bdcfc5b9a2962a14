using LLMOS.Shell.Output;

namespace LLMOS.Shell.Tests.Output;

public sealed class TextTableTests
{
    [Fact]
    public void Columns_are_aligned_and_lines_have_no_spaces_at_their_ends()
    {
        var table = new TextTable().Column("PID", right: true).Column("NAME").Column("X");
        table.Row("7", "ä\u0308b", "");
        table.Row("1234", "line\nbreak\u001b[0m", "x");
        using var writer = new StringWriter { NewLine = "\n" };

        table.WriteTo(writer);

        Assert.Equal(" PID  NAME           X\n   7  ä\u0308b\n1234  line break[0m  x\n", writer.ToString());
    }

    [Theory]
    [InlineData(0.4, "0 ms")]
    [InlineData(999, "999 ms")]
    [InlineData(999.6, "1.0 s")]
    [InlineData(59_960, "0 min 59 s")]
    [InlineData(61_000, "1 min 1 s")]
    [InlineData(3_660_000, "1 h 1 min")]
    public void Durations_are_short(double milliseconds, string text) => Assert.Equal(text, Figures.Duration(TimeSpan.FromMilliseconds(milliseconds)));
}
