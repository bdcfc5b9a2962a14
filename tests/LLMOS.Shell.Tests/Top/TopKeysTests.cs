using LLMOS.Shell.Top;
using static LLMOS.Shell.Tests.Top.TopRows;

namespace LLMOS.Shell.Tests.Top;

public sealed class TopKeysTests
{
    private static readonly IReadOnlyList<TopEntry> Shown = new TopState { IsDescending = false }.Arrange([.. Enumerable.Range(1, 30).Select(pid => Row(pid))]);

    [Fact]
    public void Keys_move_the_selection_within_the_lines()
    {
        Assert.Equal(2, After(new TopState { Selected = 1 }, Key(ConsoleKey.DownArrow)).Selected);
        Assert.Equal(1, After(new TopState { Selected = 1 }, Key(ConsoleKey.UpArrow)).Selected);
        Assert.Equal(11, After(new TopState { Selected = 1 }, Key(ConsoleKey.PageDown)).Selected);
        Assert.Equal(30, After(new TopState { Selected = 1 }, Key(ConsoleKey.End)).Selected);
        Assert.Equal(1, After(new TopState { Selected = 30 }, Key(ConsoleKey.Home)).Selected);
    }

    [Fact]
    public void A_process_is_killed_only_after_yes()
    {
        var (asked, nothing) = Press(new TopState { Selected = 7 }, 'k');
        Assert.Equal(TopMode.Kill, asked.Mode);
        Assert.Null(nothing);
        Assert.Equal(new TopAction(TopActionKind.Kill, 7), Press(asked, 'y').Action);
        Assert.Null(Press(asked, '\r', ConsoleKey.Enter).Action);
        Assert.Null(Press(asked, 'n').Action);
        Assert.Equal(TopMode.Table, Press(asked, 'q').State.Mode);
        Assert.Null(Press(new TopState(), 'k').Action);
    }

    [Fact]
    public void A_priority_is_typed_as_a_number()
    {
        var typed = Type(Press(new TopState { Selected = 7 }, 'n').State, "-3");
        Assert.Equal(new TopAction(TopActionKind.Nice, 7, -3), Press(typed, '\r', ConsoleKey.Enter).Action);

        var (wrong, none) = Press(Type(Press(new TopState { Selected = 7 }, 'n').State, "much"), '\r', ConsoleKey.Enter);
        Assert.Null(none);
        Assert.Equal("'much' is no whole number: use one such as -2 or 3.", wrong.Message);
        Assert.Equal(TopMode.Table, Press(typed, '\u001b', ConsoleKey.Escape).State.Mode);
    }

    [Fact]
    public void A_filter_holds_while_it_is_typed()
    {
        var typed = Type(Press(new TopState(), '/').State, "poet");
        Assert.Equal(("poet", TopMode.Filter), (typed.Filter, typed.Mode));
        Assert.Equal("poe", Press(typed, '\b', ConsoleKey.Backspace).State.Filter);
        Assert.Equal(("poet", TopMode.Table), (Press(typed, '\r', ConsoleKey.Enter).State.Filter, Press(typed, '\r', ConsoleKey.Enter).State.Mode));
        Assert.Equal("", Press(typed, '\u001b', ConsoleKey.Escape).State.Filter);
        // Keys that are actions on the table are letters here.
        Assert.Equal("poetkq", Type(typed, "kq").Filter);
    }

    [Fact]
    public void Other_keys_sort_fold_stop_and_leave()
    {
        Assert.Equal("name", Press(new TopState(), '>').State.SortKey);
        Assert.Equal(TopColumn.All[^1].Key, Press(new TopState(), '<').State.SortKey);
        Assert.False(Press(new TopState(), 'i').State.IsDescending);
        Assert.True(Press(new TopState(), 't').State.IsTree);
        Assert.Contains(7L, Press(new TopState { IsTree = true, Selected = 7 }, '-').State.Folded);
        Assert.True(Press(new TopState(), ' ').State.IsPaused);
        Assert.Equal(TopMode.Help, Press(new TopState(), '?').State.Mode);
        Assert.Null(Press(Press(new TopState(), '?').State, 'q').Action);
        Assert.Equal(TopActionKind.Quit, Press(new TopState(), 'q').Action!.Kind);
        Assert.Equal(TopActionKind.Quit, Press(new TopState(), '\u001b', ConsoleKey.Escape).Action!.Kind);
        Assert.Equal(new TopAction(TopActionKind.Suspend, 7), Press(new TopState { Selected = 7 }, 's').Action);
        Assert.Equal(new TopAction(TopActionKind.Resume, 7), Press(new TopState { Selected = 7 }, 'r').Action);
        Assert.Equal(new TopAction(TopActionKind.Attach, 7), Press(new TopState { Selected = 7 }, 'a').Action);
    }

    private static TopState Type(TopState state, string text) => text.Aggregate(state, (typed, c) => Press(typed, c).State);

    private static TopState After(TopState state, ConsoleKeyInfo key) => TopKeys.Press(state, key, Shown, 10).State;

    private static (TopState State, TopAction? Action) Press(TopState state, char c, ConsoleKey key = default) => TopKeys.Press(state, new ConsoleKeyInfo(c, key, false, false, false), Shown, 10);

    private static ConsoleKeyInfo Key(ConsoleKey key) => new('\0', key, false, false, false);
}
