using System.Text.Json;

namespace LLMOS.Benchmarks.Tests;

public sealed class RowTests
{
    private static readonly Row Plain = new()
    {
        Suite = "engine",
        Name = "engine alone, batch 1",
        Value = 95,
        Unit = "tokens/s",
        Peer = "bare loop",
        PeerValue = 100,
        Ratio = 0.95,
    };

    [Fact]
    public void A_goal_is_met_at_its_bound_when_it_says_at_least_and_not_when_it_says_under()
    {
        Assert.True((Plain with { Goal = Goal.RatioAtLeast(0.95) }).Met);
        Assert.False((Plain with { Goal = Goal.RatioAtLeast(0.951) }).Met);
        Assert.True((Plain with { Goal = Goal.ValueAtLeast(95) }).Met);
        Assert.False((Plain with { Goal = Goal.ValueAtLeast(95.1) }).Met);
        Assert.False((Plain with { Goal = Goal.ValueUnder(95) }).Met);
        Assert.True((Plain with { Goal = Goal.ValueUnder(95.1) }).Met);
        Assert.Null(Plain.Met);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_figure_that_is_none_meets_no_goal(double figure)
    {
        Assert.False((Plain with { Value = figure, Goal = Goal.ValueUnder(double.MaxValue) }).Met);
        Assert.False((Plain with { Ratio = double.NaN, Goal = Goal.RatioAtLeast(0) }).Met);
    }

    [Fact]
    public async Task The_json_is_a_list_of_rows_with_the_agreed_names()
    {
        var path = Path.GetTempFileName();
        try
        {
            await RowJson.WriteAsync(path, [Plain with { Goal = Goal.ValueUnder(3) }, Plain], TestContext.Current.CancellationToken);
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));

            Assert.Equal(2, json.RootElement.GetArrayLength());
            var row = json.RootElement[0];
            Assert.Equal(
                ["suite", "row", "value", "unit", "peer", "peerValue", "ratio", "goal", "met"],
                row.EnumerateObject().Select(property => property.Name));
            Assert.Equal(95, row.GetProperty("value").GetDouble());
            Assert.Equal("value < 3", row.GetProperty("goal").GetString());
            Assert.False(row.GetProperty("met").GetBoolean());
            Assert.Equal(JsonValueKind.Null, json.RootElement[1].GetProperty("goal").ValueKind);
            Assert.Equal(JsonValueKind.Null, json.RootElement[1].GetProperty("met").ValueKind);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task The_table_shows_every_row_and_marks_a_goal_that_was_missed()
    {
        var output = new StringWriter();
        await RowTable.WriteAsync([Plain with { Goal = Goal.RatioAtLeast(0.99) }, Plain with { Name = "steps" }], output);
        var lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(4, lines.Length);
        Assert.EndsWith("ratio >= 0.99  NO", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("steps", lines[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12_345.6, "12,346")]
    [InlineData(123.45, "123.5")]
    [InlineData(1.234, "1.23")]
    [InlineData(0.01234, "0.0123")]
    public void Figures_show_about_four_digits(double value, string shown) => Assert.Equal(shown, RowTable.Figure(value));
}
