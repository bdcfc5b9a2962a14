using LLMOS.Client.Watching;
using LLMOS.Kernel.Processes;

namespace LLMOS.Client.Tests.Watching;

public sealed class OutputCursorTests
{
    private static readonly Guid First = Guid.NewGuid();
    private static readonly Guid Second = Guid.NewGuid();

    private long _offset;

    [Fact]
    public void An_unbroken_stream_is_passed_on_as_it_is()
    {
        var outputs = Turn(First, "one ", "two").Concat(Turn(Second, "three")).ToArray();

        Assert.Equal(outputs, Show(new OutputCursor(), outputs));
    }

    [Fact]
    public void A_committed_turn_is_not_shown_again_by_the_next_activation()
    {
        var cursor = new OutputCursor();
        Show(cursor, Turn(First, "one"));
        cursor.Reattach();

        Assert.Empty(Show(cursor, Turn(First, "one")));
        Assert.Equal("two", Text(Show(cursor, Turn(Second, "two"))));
    }

    [Theory]
    [InlineData("Hello ", "wor", "Hello world")]
    [InlineData("Hel", "lo wor", "Hello world")]
    [InlineData("H", "ello world", "Hello world")]
    public void A_turn_that_is_played_again_goes_on_where_it_was_cut(string before, string piece, string whole)
    {
        var cursor = new OutputCursor();
        var shown = Show(cursor, [Started(First), .. Texts(First, before)]);
        cursor.Reattach();
        string[] pieces = [whole[..2], whole[2..5], whole[5..]];
        Assert.StartsWith(before, whole, StringComparison.Ordinal);
        Assert.Contains(piece, whole, StringComparison.Ordinal);

        var after = Show(cursor, [Started(First), .. Texts(First, pieces), Committed(First)]);

        Assert.DoesNotContain(after, output => output.Kind == ProcessOutputKind.TurnRestarted);
        Assert.Equal(whole, Text([.. shown, .. after]));
        Assert.Equal(ProcessOutputKind.TurnCommitted, after[^1].Kind);
    }

    [Fact]
    public void A_turn_that_comes_out_otherwise_is_taken_back_and_shown_anew()
    {
        var cursor = new OutputCursor();
        var shown = Show(cursor, [Started(First), .. Texts(First, "Hello", " world")]);
        cursor.Reattach();

        var after = Show(cursor, [Started(First), .. Texts(First, "Hello", " moon"), Committed(First)]);

        Assert.Equal("Hello moon", Text([.. shown, .. after]));
        Assert.Single(after, output => output.Kind == ProcessOutputKind.TurnRestarted);
    }

    [Fact]
    public void A_turn_that_ends_sooner_the_second_time_is_taken_back()
    {
        var cursor = new OutputCursor();
        var shown = Show(cursor, [Started(First), .. Texts(First, "Hello", " world")]);
        cursor.Reattach();

        var after = Show(cursor, [Started(First), .. Texts(First, "Hello"), Committed(First)]);

        Assert.Equal("Hello", Text([.. shown, .. after]));
    }

    [Fact]
    public void A_restart_within_an_activation_is_passed_on()
    {
        var outputs = new[] { Started(First) }
            .Concat(Texts(First, "lost"))
            .Append(new ProcessOutput(_offset++, ProcessOutputKind.TurnRestarted, First, "", 0))
            .Concat(Texts(First, "kept"))
            .Append(Committed(First))
            .ToArray();

        Assert.Equal("kept", Text(Show(new OutputCursor(), outputs)));
    }

    [Fact]
    public void Another_turn_may_come_first_after_the_move()
    {
        var cursor = new OutputCursor();
        var shown = Show(cursor, [Started(First), .. Texts(First, "par")]);
        cursor.Reattach();

        var after = Show(cursor, [.. Turn(Second, "other"), .. Turn(First, "partial")]);

        Assert.Equal("other", string.Concat(after.Where(output => output.MessageId == Second).Select(output => output.Text)));
        Assert.Equal("partial", string.Concat(after.Where(output => output.MessageId == First).Select(output => output.Text)));
        Assert.NotEmpty(shown);
    }

    private static ProcessOutput[] Show(OutputCursor cursor, IEnumerable<ProcessOutput> outputs) => [.. outputs.SelectMany(cursor.Accept)];

    /// <summary>The text that stands in the end, for a reader that takes back what a restart says it should.</summary>
    private static string Text(IEnumerable<ProcessOutput> outputs)
    {
        var committed = "";
        var turn = "";
        foreach (var output in outputs)
        {
            turn = output.Kind switch
            {
                ProcessOutputKind.TurnRestarted => "",
                ProcessOutputKind.Text => turn + output.Text,
                _ => turn,
            };
            if (output.Kind == ProcessOutputKind.TurnCommitted)
            {
                committed += turn;
                turn = "";
            }
        }

        return committed;
    }

    private ProcessOutput[] Turn(Guid id, params string[] pieces) => [Started(id), .. Texts(id, pieces), Committed(id)];

    private ProcessOutput Started(Guid id) => new(_offset++, ProcessOutputKind.TurnStarted, id, "", 0);

    private ProcessOutput Committed(Guid id) => new(_offset++, ProcessOutputKind.TurnCommitted, id, "", 7);

    private ProcessOutput[] Texts(Guid id, params string[] pieces) =>
        [.. pieces.Select(piece => new ProcessOutput(_offset++, ProcessOutputKind.Text, id, piece, 1))];
}
