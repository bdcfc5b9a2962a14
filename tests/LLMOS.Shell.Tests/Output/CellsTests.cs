using LLMOS.Shell.Output;

namespace LLMOS.Shell.Tests.Output;

public sealed class CellsTests
{
    [Theory]
    [InlineData("abc", 5, "abc  ")]
    [InlineData("abcdef", 4, "abc…")]
    [InlineData("日本語", 5, "日本…")]
    [InlineData("日本語", 4, "日… ")]
    [InlineData("", 2, "  ")]
    [InlineData("abc", 0, "")]
    [InlineData("abc", 1, "…")]
    public void A_text_is_fitted_into_cells(string text, int width, string fitted)
    {
        Assert.Equal(fitted, Cells.Fit(text, width));
        Assert.Equal(width, Cells.Width(Cells.Fit(text, width)));
    }
}
