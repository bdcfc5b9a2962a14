using LLMOS.Kernel.Processes;
using LLMOS.Shell.Output;

namespace LLMOS.Shell.Tests.Output;

public sealed class TranscriptTests
{
    private readonly Transcript _transcript = new();
    private readonly List<TranscriptSegment> _shown = [];

    [Fact]
    public void One_speaker_is_shown_as_it_speaks()
    {
        Say(1, "a", "b");

        Assert.Equal(["1:a", "1:b"], Shown());
    }

    [Fact]
    public void A_second_speaker_waits_for_the_end_of_the_first_ones_turn()
    {
        Say(1, "a");
        Say(2, "x", "y");
        Say(1, "b");
        End(1);
        Say(2, "z");

        Assert.Equal(["1:a", "1:b", "2:xy", "2:z"], Shown());
    }

    [Fact]
    public void The_floor_changes_at_a_line_end_when_another_has_a_line_waiting()
    {
        Say(1, "a");
        Say(2, "x\n");
        Say(1, "b\n", "c");
        Say(2, "y");

        Assert.Equal(["1:a", "1:b\n", "2:x\n", "2:y"], Shown());
        Flush();
        Assert.Equal("1:c", Shown()[^1]);
    }

    [Fact]
    public void What_ended_while_it_waited_is_shown_whole_and_leaves_the_floor()
    {
        Say(1, "a");
        Say(2, "x");
        End(2);
        Say(3, "p");
        End(1);
        Say(3, "q");

        Assert.Equal(["1:a", "2:x", "3:p", "3:q"], Shown());
    }

    [Fact]
    public void A_turn_that_starts_anew_before_it_was_shown_leaves_no_trace()
    {
        Say(1, "a");
        Say(2, "lost");
        Restart(2);
        Say(2, "kept");
        End(1);

        Assert.Equal(["1:a", "2:kept"], Shown());
    }

    [Fact]
    public void A_turn_that_starts_anew_after_it_was_shown_is_taken_back_in_words()
    {
        Say(1, "half");
        Restart(1);
        Say(1, "whole");
        End(1);

        Assert.Equal(["1:half", "1!This turn starts anew; what it said of it does not count.", "1:whole"], Shown());
    }

    [Fact]
    public void Every_word_of_every_speaker_is_shown_once_whatever_the_order()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var transcript = new Transcript();
            var said = new Dictionary<long, string>();
            var shown = new Dictionary<long, string>();
            for (var i = 0; i < 60; i++)
            {
                long pid = random.Next(1, 5);
                var text = random.Next(4) == 0 ? "w\n" : $"w{i} ";
                var ends = random.Next(6) == 0;
                said[pid] = said.GetValueOrDefault(pid, "") + text;
                Collect(transcript.Accept("r", pid, Output(ProcessOutputKind.Text, text)), shown);
                if (ends)
                {
                    Collect(transcript.Accept("r", pid, Output(ProcessOutputKind.TurnCommitted, "")), shown);
                }
            }

            Collect(transcript.Flush(), shown);
            Assert.Equal(said.OrderBy(entry => entry.Key), shown.OrderBy(entry => entry.Key));
        }
    }

    private static void Collect(IEnumerable<TranscriptSegment> segments, Dictionary<long, string> shown)
    {
        foreach (var segment in segments)
        {
            shown[segment.Pid] = shown.GetValueOrDefault(segment.Pid, "") + segment.Text;
        }
    }

    private static ProcessOutput Output(ProcessOutputKind kind, string text) => new(0, kind, Guid.Empty, text, 1);

    private void Say(long pid, params string[] pieces)
    {
        foreach (var piece in pieces)
        {
            _shown.AddRange(_transcript.Accept($"role{pid}", pid, Output(ProcessOutputKind.Text, piece)));
        }
    }

    private void Restart(long pid) => _shown.AddRange(_transcript.Accept($"role{pid}", pid, Output(ProcessOutputKind.TurnRestarted, "")));

    private void End(long pid) => _shown.AddRange(_transcript.Accept($"role{pid}", pid, Output(ProcessOutputKind.TurnCommitted, "")));

    private void Flush() => _shown.AddRange(_transcript.Flush());

    private string[] Shown() => [.. _shown.Select(segment => $"{segment.Pid}{(segment.IsNote ? '!' : ':')}{segment.Text}")];
}
