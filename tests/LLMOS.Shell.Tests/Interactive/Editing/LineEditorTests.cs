using LLMOS.Shell.Interactive;
using LLMOS.Shell.Interactive.Editing;

namespace LLMOS.Shell.Tests.Interactive.Editing;

public sealed class LineEditorTests
{
    private readonly RecordedDisplay _display = new();
    private readonly LineHistory _history = new(null);

    [Fact]
    public async Task Text_is_edited_at_the_cursor()
    {
        Assert.Equal("kill 42", await ReadAsync(new TypedKeys().Text("kll 42").Press(ConsoleKey.Home, ConsoleKey.RightArrow).Text("i").Text("\n")));
        Assert.Equal("ab", await ReadAsync(new TypedKeys().Text("abc").Press(ConsoleKey.Backspace).Text("\n")));
        Assert.Equal("send it", await ReadAsync(new TypedKeys().Text("send all of it").Alt('b', ConsoleKey.B).Control(ConsoleKey.W, ConsoleKey.W).Text("\n")));
        Assert.Equal("one two!", await ReadAsync(new TypedKeys().Text("two!").Control(ConsoleKey.A).Text("one ").Control(ConsoleKey.E).Text("\n")));
        Assert.Equal("begin", await ReadAsync(new TypedKeys().Text("begin end").Alt('b', ConsoleKey.B).Press(ConsoleKey.LeftArrow).Control(ConsoleKey.K).Text("\n")));
        Assert.Equal("x", await ReadAsync(new TypedKeys().Text("all of this").Control(ConsoleKey.U).Text("x\n")));
    }

    [Fact]
    public async Task What_looks_like_one_character_is_one()
    {
        // An e with a combining accent, and a family of four people.
        Assert.Equal("a", await ReadAsync(new TypedKeys().Text("ae\u0301").Press(ConsoleKey.Backspace).Text("\n")));
        Assert.Equal("ab", await ReadAsync(new TypedKeys().Text("a\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466b").Press(ConsoleKey.LeftArrow, ConsoleKey.Backspace).Text("\n")));
    }

    [Fact]
    public async Task Ctrl_C_gives_a_line_up_and_Ctrl_D_on_an_empty_one_ends_the_input()
    {
        Assert.Equal("second", await ReadAsync(new TypedKeys().Text("first").Control(ConsoleKey.C).Text("second\n")));
        Assert.Null(await ReadAsync(new TypedKeys().Control(ConsoleKey.D)));
        Assert.Equal("ac", await ReadAsync(new TypedKeys().Text("abc").Press(ConsoleKey.LeftArrow, ConsoleKey.LeftArrow).Control(ConsoleKey.D).Text("\n")));
        Assert.Null(await ReadAsync(new TypedKeys().Text("the terminal goes away")));
    }

    [Fact]
    public async Task Up_and_down_go_through_what_was_entered_and_back_to_what_was_being_written()
    {
        foreach (var line in new[] { "ps", "kill 1", "kill 1", " hidden" })
        {
            _history.Add(line);
        }

        Assert.Equal(["ps", "kill 1"], _history.Entries);
        Assert.Equal("ps", await ReadAsync(new TypedKeys().Text("dra").Press(ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.UpArrow).Text("\n")));
        Assert.Equal("draft", await ReadAsync(new TypedKeys().Text("dra").Press(ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow, ConsoleKey.DownArrow, ConsoleKey.DownArrow).Text("ft\n")));
    }

    [Fact]
    public async Task Ctrl_R_finds_what_was_entered()
    {
        foreach (var line in new[] { "spawn poet", "kill 7", "spawn coder", "ps -a" })
        {
            _history.Add(line);
        }

        Assert.Equal("spawn coder", await ReadAsync(new TypedKeys().Control(ConsoleKey.R).Text("SPAWN\n")));
        Assert.Equal("spawn poet", await ReadAsync(new TypedKeys().Control(ConsoleKey.R).Text("spa").Control(ConsoleKey.R, ConsoleKey.R).Text("\n")));
        Assert.Contains("(search 'spa'): spawn poet", _display.Shown);
        Assert.Equal("kill 78", await ReadAsync(new TypedKeys().Control(ConsoleKey.R).Text("kill").Press(ConsoleKey.End).Text("8\n")));
        Assert.Equal("mine", await ReadAsync(new TypedKeys().Text("min").Control(ConsoleKey.R).Text("kill").Press(ConsoleKey.Escape).Text("e\n")));
        Assert.Equal("ps", await ReadAsync(new TypedKeys().Control(ConsoleKey.R).Text("kill").Control(ConsoleKey.C).Text("ps\n")));
        await ReadAsync(new TypedKeys().Control(ConsoleKey.R).Text("zzz").Control(ConsoleKey.G));
        Assert.Contains(_display.Shown, line => line.StartsWith("(no search 'zzz'): ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_goes_on_after_an_open_quote_a_backslash_and_Alt_Enter()
    {
        Assert.Equal("send poet \"one\ntwo\"", await ReadAsync(new TypedKeys().Text("send poet \"one\ntwo\"\n"), open: true));
        Assert.Equal("send poet\none", await ReadAsync(new TypedKeys().Text("send poet\\\none\n"), open: true));
        Assert.Equal("one\ntwo", await ReadAsync(new TypedKeys().Text("one").Alt('\r', ConsoleKey.Enter).Text("two\n")));
        // The arrows move within its lines first.
        Assert.Equal("oXne\ntwo", await ReadAsync(new TypedKeys().Text("one").Alt('\r', ConsoleKey.Enter).Text("two").Press(ConsoleKey.Home, ConsoleKey.RightArrow, ConsoleKey.UpArrow).Text("X\n")));
    }

    [Fact]
    public async Task Tab_completes_what_is_certain_and_lists_the_rest_at_the_second_press()
    {
        var completer = new WordCompleter("suspend", "setpriority", "send", "/agents/");
        Assert.Equal("suspend ", await ReadAsync(new TypedKeys().Text("su").Press(ConsoleKey.Tab).Text("\n"), completer: completer));
        Assert.Equal("/agents/x", await ReadAsync(new TypedKeys().Text("/").Press(ConsoleKey.Tab).Text("x\n"), completer: completer));
        Assert.Empty(_display.Listed);
        Assert.Equal("se", await ReadAsync(new TypedKeys().Text("s").Press(ConsoleKey.LeftArrow, ConsoleKey.RightArrow).Text("e").Press(ConsoleKey.Tab, ConsoleKey.Tab).Text("\n"), completer: completer));
        Assert.Equal(["setpriority", "send"], _display.Listed);
        Assert.Equal("nothing", await ReadAsync(new TypedKeys().Text("nothing").Press(ConsoleKey.Tab, ConsoleKey.Tab).Text("\n"), completer: completer));
    }

    private Task<string?> ReadAsync(TypedKeys keys, bool open = false, ILineCompleter? completer = null) =>
        new LineEditor(keys, _display, _history, completer ?? new WordCompleter())
            .ReadAsync("> ", open ? text => LineWords.Scan(text).OpenQuote != '\0' : null, remembers: false, TestContext.Current.CancellationToken);

    private sealed class WordCompleter(params string[] words) : ILineCompleter
    {
        public Task<LineCompletion> CompleteAsync(string text, CancellationToken cancellationToken)
        {
            var start = text.LastIndexOf(' ') + 1;
            return Task.FromResult(new LineCompletion(start, [.. words.Where(word => word.StartsWith(text[start..], StringComparison.Ordinal))]));
        }
    }
}
