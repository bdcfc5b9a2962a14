using System.Globalization;

namespace LLMOS.Shell.Top;

/// <summary>What a key does. Pure: from the state and a key to the next state and, for some, an action.</summary>
internal static class TopKeys
{
    /// <summary>The keys, as the help shows them.</summary>
    public static IReadOnlyList<(string Keys, string Does)> Help { get; } =
    [
        ("↑ ↓ PgUp PgDn Home End", "select a process"),
        ("← →", "scroll the columns"),
        ("< >", "sort by the column before or after"),
        ("i", "sort the other way round"),
        ("/", "filter by name, state, model, owner or PID; Enter keeps it, Esc clears it"),
        ("t", "as a tree; - folds the children of a process, + shows them"),
        ("k", "kill the selected process, after a question"),
        ("s", "suspend it"),
        ("r", "resume it"),
        ("n", "change its priority by a number; more is less urgent"),
        ("a, Enter", "attach: see what it says; any key comes back"),
        ("Space", "stop and go on"),
        ("h, ?", "this help"),
        ("q, Esc", "quit"),
    ];

    /// <param name="state">The state.</param>
    /// <param name="key">The key.</param>
    /// <param name="shown">The lines of the table.</param>
    /// <param name="page">Lines that have room.</param>
    public static (TopState State, TopAction? Action) Press(TopState state, ConsoleKeyInfo key, IReadOnlyList<TopEntry> shown, int page) => state.Mode switch
    {
        TopMode.Help => (state with { Mode = TopMode.Table }, null),
        TopMode.Filter => PressInFilter(state, key),
        TopMode.Nice => PressInNice(state, key),
        TopMode.Kill => (state with { Mode = TopMode.Table }, key.KeyChar is 'y' or 'Y' ? new TopAction(TopActionKind.Kill, state.Selected) : null),
        _ => PressInTable(state with { Message = "" }, key, shown, page),
    };

    private static (TopState State, TopAction? Action) PressInTable(TopState state, ConsoleKeyInfo key, IReadOnlyList<TopEntry> shown, int page)
    {
        var selected = state.Selected;
        return key switch
        {
            { Key: ConsoleKey.UpArrow } => (Move(state, shown, -1), null),
            { Key: ConsoleKey.DownArrow } => (Move(state, shown, 1), null),
            { Key: ConsoleKey.PageUp } => (Move(state, shown, -Math.Max(1, page)), null),
            { Key: ConsoleKey.PageDown } => (Move(state, shown, Math.Max(1, page)), null),
            { Key: ConsoleKey.Home } => (Move(state, shown, -shown.Count), null),
            { Key: ConsoleKey.End } => (Move(state, shown, shown.Count), null),
            { Key: ConsoleKey.LeftArrow } => (state with { HiddenColumns = Math.Max(0, state.HiddenColumns - 1) }, null),
            { Key: ConsoleKey.RightArrow } => (state with { HiddenColumns = Math.Min(TopColumn.All.Count - 3, state.HiddenColumns + 1) }, null),
            { Key: ConsoleKey.Escape } or { KeyChar: 'q' or 'Q' } => (state, new TopAction(TopActionKind.Quit)),
            { Key: ConsoleKey.Enter } or { KeyChar: 'a' } when selected != 0 => (state, new TopAction(TopActionKind.Attach, selected)),
            { KeyChar: '<' } => (SortBy(state, -1), null),
            { KeyChar: '>' } => (SortBy(state, 1), null),
            { KeyChar: 'i' or 'I' } => (state with { IsDescending = !state.IsDescending }, null),
            { KeyChar: 't' or 'T' } => (state with { IsTree = !state.IsTree }, null),
            { KeyChar: '-' } when state.IsTree => (state with { Folded = state.Folded.Add(selected) }, null),
            { KeyChar: '+' } when state.IsTree => (state with { Folded = state.Folded.Remove(selected) }, null),
            { KeyChar: '/' } => (state with { Mode = TopMode.Filter, Input = state.Filter }, null),
            { KeyChar: 'h' or '?' } => (state with { Mode = TopMode.Help }, null),
            { KeyChar: ' ' } => (state with { IsPaused = !state.IsPaused }, null),
            { KeyChar: 'k' } when selected != 0 => (state with { Mode = TopMode.Kill }, null),
            { KeyChar: 's' } when selected != 0 => (state, new TopAction(TopActionKind.Suspend, selected)),
            { KeyChar: 'r' } when selected != 0 => (state, new TopAction(TopActionKind.Resume, selected)),
            { KeyChar: 'n' } when selected != 0 => (state with { Mode = TopMode.Nice, Input = "" }, null),
            _ => (state, null),
        };
    }

    private static (TopState State, TopAction? Action) PressInFilter(TopState state, ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return (state with { Mode = TopMode.Table }, null);
            case ConsoleKey.Escape:
                return (state with { Mode = TopMode.Table, Filter = "" }, null);
            default:
                var input = Type(state.Input, key);
                return (state with { Input = input, Filter = input }, null);
        }
    }

    private static (TopState State, TopAction? Action) PressInNice(TopState state, ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Escape:
                return (state with { Mode = TopMode.Table }, null);
            case ConsoleKey.Enter:
                var done = state with { Mode = TopMode.Table };
                return int.TryParse(state.Input, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var delta)
                    ? (done, new TopAction(TopActionKind.Nice, state.Selected, delta))
                    : (done with { Message = state.Input.Length == 0 ? "" : $"'{state.Input}' is no whole number: use one such as -2 or 3." }, null);
            default:
                return (state with { Input = Type(state.Input, key) }, null);
        }
    }

    private static string Type(string input, ConsoleKeyInfo key) =>
        key.Key == ConsoleKey.Backspace ? input.Length > 0 ? input[..^1] : input
        : key.KeyChar == '\u0015' ? ""
        : char.IsControl(key.KeyChar) ? input
        : input + key.KeyChar;

    private static TopState Move(TopState state, IReadOnlyList<TopEntry> shown, int by) => shown.Count == 0
        ? state
        : state with { Selected = shown[Math.Clamp(Math.Max(0, state.IndexOf(shown)) + by, 0, shown.Count - 1)].Row.Pid };

    private static TopState SortBy(TopState state, int by)
    {
        var at = 0;
        while (at < TopColumn.All.Count && TopColumn.All[at].Key != state.SortKey)
        {
            at++;
        }

        return state with { SortKey = TopColumn.All[(at + by + TopColumn.All.Count) % TopColumn.All.Count].Key, IsTree = false };
    }
}
