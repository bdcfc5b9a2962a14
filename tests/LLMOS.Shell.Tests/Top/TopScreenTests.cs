using LLMOS.Shell.Output;
using LLMOS.Shell.Terminal;
using LLMOS.Shell.Top;
using static LLMOS.Shell.Tests.Top.TopRows;

namespace LLMOS.Shell.Tests.Top;

public sealed class TopScreenTests
{
    [Fact]
    public void The_screen_has_figures_over_all_and_a_line_for_each_process()
    {
        var lines = Draw(new TopState(), Sample(Row(17, "poet", state: "THINKING", waitsFor: "", decode: 41.25), Row(16, "elder")), 400, 24);
        Assert.Contains("2 processes: 1 THINKING, 1 BLOCKED", lines[0].Text, StringComparison.Ordinal);
        Assert.Equal("decode 41.3 tok/s  prefill 812.0 tok/s  batch 2.31 of 256  KV pool 1,204 of 8,192 cells (15 %)  switches 1.2/s", lines[1].Text);
        Assert.Equal("hits L1 91 %, L2 75 %", lines[2].Text);
        Assert.Equal("CPU at S127.0.0.1:11111:1  12 GiB of 16 GiB free  2 active, 1 waiting  nano", lines[3].Text);
        Assert.Equal(
            "PID▾ NAME STATE WAITS FOR PRIO CLASS CONTEXT KV DECODE/S PREFILL/S TTFT MS QUEUE MS BUDGET PREEMPTED FAULTS MODEL KIND PARENT TOKENS TURNS MAIL OWNER",
            Words(lines[5].Text));
        Assert.Equal("17 poet THINKING 10 NORMAL 1,234/8,192 RESIDENT 512 41.3 100.5 35.2 1.5 900/10,000 2 3 nano SPECIALIST 1 4,567 8 1 local", Words(lines[6].Text));
        Assert.Equal((LineStyle.Selected, LineStyle.Plain), (lines[6].Style, lines[7].Style));
        Assert.Equal(24, lines.Count);
        Assert.StartsWith("q quit", lines[^1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 3)]
    [InlineData(40, 8)]
    [InlineData(79, 24)]
    [InlineData(300, 100)]
    public void It_never_goes_over_the_size_of_the_terminal(int width, int height)
    {
        var rows = Enumerable.Range(1, 50).Select(pid => Row(pid, "名前の長いプロセス名前の長い")).ToArray();
        foreach (var mode in Enum.GetValues<TopMode>())
        {
            var lines = Draw(new TopState { Mode = mode, IsTree = true, HiddenColumns = 3, Filter = "x" }, Sample(rows), width, height);
            Assert.True(lines.Count <= height);
            Assert.All(lines, line => Assert.True(Cells.Width(line.Text) <= width));
        }
    }

    [Fact]
    public void Names_of_processes_cannot_move_the_cursor_or_break_lines()
    {
        var lines = Draw(new TopState { Message = "failed:\u001b[2J\nbad" }, Sample(Row(16, "evil\u001b[31m\r\nname\u202e")), 200, 20);
        Assert.All(lines, line => Assert.DoesNotContain(line.Text, char.IsControl));
        Assert.All(lines, line => Assert.DoesNotContain('\u202e', line.Text));
        Assert.Contains("evil[31m name", lines[6].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_is_indented_and_what_is_asked_stands_above_it()
    {
        var sample = Sample(Row(1, "init", parent: 0), Row(16, "elder"), Row(17, "young", parent: 16));
        var state = new TopState { IsTree = true, IsDescending = false, Selected = 16, Mode = TopMode.Kill };
        var lines = Draw(state, sample, 120, 20);
        Assert.Equal("Kill elder (16)? It ends for good. [y/N]", lines[4].Text);
        Assert.Contains("▾ init", lines[6].Text, StringComparison.Ordinal);
        Assert.Contains("  ▾ elder", lines[7].Text, StringComparison.Ordinal);
        Assert.Contains("    young", lines[8].Text, StringComparison.Ordinal);
        Assert.Contains("▸ init", Draw(state with { Folded = [1] }, sample, 120, 20)[6].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_first_sample_it_says_so_or_what_is_in_the_way()
    {
        Assert.Contains("the first sample", Assert.Single(TopScreen.Draw(new TopState(), null, [], 80, 24)).Text, StringComparison.Ordinal);
        Assert.Equal("The silo is away.", Assert.Single(TopScreen.Draw(new TopState { Message = "The silo is away." }, null, [], 80, 24)).Text);
    }

    private static IReadOnlyList<ScreenLine> Draw(TopState state, TopSample sample, int width, int height)
    {
        var shown = state.Arrange(sample.Processes);
        return TopScreen.Draw(state.Settle(shown, TopScreen.Page(sample, height)), sample, shown, width, height);
    }

    private static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
