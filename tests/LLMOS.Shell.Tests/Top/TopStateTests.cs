using LLMOS.Client.Watching;
using LLMOS.Shell.Top;
using static LLMOS.Shell.Tests.Top.TopRows;

namespace LLMOS.Shell.Tests.Top;

public sealed class TopStateTests
{
    private static readonly ProcessActivity[] Processes =
    [
        Row(1, "init", parent: 0, state: "RUNNING"),
        Row(16, "elder", decode: 3),
        Row(17, "Younger", parent: 16, state: "THINKING", decode: 41),
        Row(18, "third", parent: 17, owner: "alice"),
        Row(40, "stray", parent: 39),
    ];

    [Fact]
    public void The_newest_come_first_unless_something_else_is_said()
    {
        Assert.Equal([40L, 18, 17, 16, 1], Pids(new TopState()));
        Assert.Equal([17L, 16, 1, 18, 40], Pids(new TopState { SortKey = "decode" }));
        Assert.Equal([16L, 1, 40, 18, 17], Pids(new TopState { SortKey = "name", IsDescending = false }));
        Assert.Equal([1L, 16, 17, 18, 40], Pids(new TopState { SortKey = "no such column", IsDescending = false }));
    }

    [Theory]
    [InlineData("YOUNG", 17L)]
    [InlineData("thinking", 17L)]
    [InlineData("alice", 18L)]
    [InlineData("40", 40L)]
    [InlineData("nobody")]
    public void A_filter_looks_at_name_state_owner_and_pid(string filter, params long[] found) => Assert.Equal(found, Pids(new TopState { Filter = filter }));

    [Fact]
    public void A_tree_has_each_process_after_its_parent_and_loses_none()
    {
        var tree = new TopState { IsTree = true, IsDescending = false };
        Assert.Equal([(1L, 0), (16, 1), (17, 2), (18, 3), (40, 0)], tree.Arrange(Processes).Select(entry => (entry.Row.Pid, entry.Level)));

        var folded = tree with { Folded = [16] };
        Assert.Equal([1L, 16, 40], Pids(folded));
        Assert.False(folded.Arrange(Processes)[1].IsExpanded);

        // What is filtered out is nobody's parent, and one that is its own parent is a root.
        Assert.Equal([(18L, 0)], (tree with { Filter = "third" }).Arrange(Processes).Select(entry => (entry.Row.Pid, entry.Level)));
        Assert.Equal([5L], tree.Arrange([Row(5, parent: 5)]).Select(entry => entry.Row.Pid));
    }

    [Fact]
    public void A_circle_of_parents_is_shown_as_nothing_rather_than_for_ever() => Assert.Empty(new TopState { IsTree = true }.Arrange([Row(5, parent: 6), Row(6, parent: 5)]));

    [Fact]
    public void The_selection_stays_in_sight_and_goes_on_when_its_process_has_ended()
    {
        var state = new TopState { IsDescending = false, Selected = 18 };
        var shown = state.Arrange(Processes);
        Assert.Equal((18L, 2), (state.Settle(shown, 2).Selected, state.Settle(shown, 2).FirstLine));

        var ended = (state with { FirstLine = 1 }).Settle(state.Arrange(Processes.Where(row => row.Pid != 18)), 2);
        Assert.Equal(16L, ended.Selected);
        Assert.Equal(0, new TopState { Selected = 9 }.Settle([], 10).Selected);
    }

    private static IEnumerable<long> Pids(TopState state) => state.Arrange(Processes).Select(entry => entry.Row.Pid);
}
