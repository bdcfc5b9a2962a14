using LLMOS.Shell.Interactive.Editing;
using LLMOS.Shell.Tests.Terminal;

namespace LLMOS.Shell.Tests.Interactive.Editing;

/// <summary>What the display writes, read by an emulator as a terminal would.</summary>
public sealed class TerminalLineDisplayTests
{
    [Fact]
    public void A_line_is_drawn_over_itself_and_wraps()
    {
        var (terminal, display) = Create(20, 6);
        display.Begin();
        display.Show("llmos> ", "short", 5);
        Assert.Equal("llmos> short", terminal.ToString().TrimEnd());
        display.Show("llmos> ", "a text that is longer than a row", 3);
        Assert.Equal("llmos> a text that\nis longer than a ro\nw", terminal.ToString().TrimEnd());
        display.Show("llmos> ", "x", 1);
        Assert.Equal("llmos> x", terminal.ToString().TrimEnd());
    }

    [Fact]
    public void Lines_go_on_under_the_prompt_and_what_was_there_before_stays()
    {
        var (terminal, display) = Create(30, 8);
        terminal.Write("output without an end");
        display.Begin();
        display.Show("llmos> ", "send 1 \"one\ntwo\"", 16);
        display.Leave();
        terminal.Write("answer");
        Assert.Equal("output without an end\nllmos> send 1 \"one\n     > two\"\nanswer", terminal.ToString().TrimEnd());
    }

    [Fact]
    public void Candidates_are_listed_below_and_the_line_is_drawn_again()
    {
        var (terminal, display) = Create(24, 8);
        display.Begin();
        display.Show("> ", "s", 1);
        display.List(["send", "suspend", "ev\u001b[31mil"]);
        display.Show("> ", "s", 1);
        Assert.Equal("> s\nsend      suspend\nev[31mil\n> s", terminal.ToString().TrimEnd());
    }

    [Theory]
    [InlineData("", 0, 0, 7)]
    [InlineData("abc", 3, 0, 10)]
    [InlineData("0123456789abcdef", 16, 1, 4)]
    [InlineData("0123456789abcdef", 12, 1, 0)]
    [InlineData("a\nb", 2, 1, 7)]
    [InlineData("a\nb", 1, 0, 8)]
    [InlineData("日本", 2, 0, 11)]
    public void The_cursor_is_where_the_character_is(string text, int cursor, int row, int column)
    {
        var layout = TerminalLineDisplay.Layout("llmos> ", text, cursor, 20);
        Assert.Equal((row, column), (layout.Row, layout.Column));
    }

    private static (TerminalEmulator Terminal, TerminalLineDisplay Display) Create(int columns, int rows)
    {
        var terminal = new TerminalEmulator(columns, rows);
        return (terminal, new TerminalLineDisplay(new EmulatorWriter(terminal), () => columns));
    }

    private sealed class EmulatorWriter(TerminalEmulator terminal) : StringWriter
    {
        public override void Write(string? value) => terminal.Write(value);
    }
}
