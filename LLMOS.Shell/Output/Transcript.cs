using System.Text;
using LLMOS.Kernel.Processes;

namespace LLMOS.Shell.Output;

/// <summary>
/// Makes one readable text of what several processes say at once. One speaker has the floor and is shown as it speaks;
/// what others say meanwhile waits until its turn is committed, or until it ends a line while another has a whole line
/// waiting. Pure: it yields segments, and who shows them is another's business.
/// </summary>
internal sealed class Transcript
{
    private readonly Dictionary<long, Speech> _waiting = [];
    private readonly Queue<long> _order = new();
    private readonly HashSet<long> _shownInTurn = [];
    private long? _floor;

    /// <summary>What to show for an output of a process, in order.</summary>
    public IEnumerable<TranscriptSegment> Accept(string role, long pid, ProcessOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (output.Kind)
        {
            case ProcessOutputKind.Text:
                return Say(role, pid, output.Text);

            case ProcessOutputKind.TurnRestarted:
                return TakeBack(role, pid);

            case ProcessOutputKind.StateChanged:
                return [.. Note(role, pid, output.Text)];

            case ProcessOutputKind.TurnCommitted or ProcessOutputKind.Ended:
                return EndTurn(pid);

            default:
                return [];
        }
    }

    /// <summary>All that still waits.</summary>
    public IEnumerable<TranscriptSegment> Flush()
    {
        var segments = new List<TranscriptSegment>();
        _floor = null;
        while (NextSpeaker() is { } next)
        {
            segments.AddRange(GiveFloor(next));
        }

        _floor = null;
        return segments;
    }

    private List<TranscriptSegment> Say(string role, long pid, string text)
    {
        var segments = new List<TranscriptSegment>();
        if (text.Length == 0)
        {
            return segments;
        }

        if (_floor is null || _floor == pid)
        {
            _floor = pid;
            _shownInTurn.Add(pid);
            segments.Add(new TranscriptSegment(role, pid, text, IsNote: false));
            if (text.EndsWith('\n') && _waiting.Values.Any(other => other.HasWholeLine))
            {
                PassFloor(segments);
            }

            return segments;
        }

        if (!_waiting.TryGetValue(pid, out var speech))
        {
            _waiting.Add(pid, speech = new Speech(role));
            _order.Enqueue(pid);
        }

        speech.Text.Append(text);
        speech.Ended = false;
        return segments;
    }

    private IEnumerable<TranscriptSegment> TakeBack(string role, long pid)
    {
        if (_waiting.TryGetValue(pid, out var speech))
        {
            speech.Text.Clear();
        }

        return _shownInTurn.Remove(pid) ? Note(role, pid, "This turn starts anew; what it said of it does not count.") : [];
    }

    private static IEnumerable<TranscriptSegment> Note(string role, long pid, string text) =>
        text.Length == 0 ? [] : [new TranscriptSegment(role, pid, text, IsNote: true)];

    private List<TranscriptSegment> EndTurn(long pid)
    {
        var segments = new List<TranscriptSegment>();
        if (_floor == pid)
        {
            PassFloor(segments);
        }
        else if (_waiting.TryGetValue(pid, out var speech))
        {
            speech.Ended = true;
        }

        _shownInTurn.Remove(pid);
        return segments;
    }

    /// <summary>Gives the floor to the next who has not ended; those who have are shown whole on the way.</summary>
    private void PassFloor(List<TranscriptSegment> segments)
    {
        _floor = null;
        while (_floor is null && NextSpeaker() is { } next)
        {
            segments.AddRange(GiveFloor(next));
        }
    }

    private long? NextSpeaker()
    {
        while (_order.TryPeek(out var pid))
        {
            if (_waiting.TryGetValue(pid, out var speech) && (speech.Text.Length > 0 || !speech.Ended))
            {
                return pid;
            }

            _order.Dequeue();
            _waiting.Remove(pid);
        }

        return null;
    }

    private List<TranscriptSegment> GiveFloor(long pid)
    {
        _order.Dequeue();
        _waiting.Remove(pid, out var speech);
        if (speech!.Ended)
        {
            _floor = null;
        }
        else
        {
            _floor = pid;
            _shownInTurn.Add(pid);
        }

        return speech.Text.Length == 0 ? [] : [new TranscriptSegment(speech.Role, pid, speech.Text.ToString(), IsNote: false)];
    }

    private sealed class Speech(string role)
    {
        public string Role { get; } = role;

        public StringBuilder Text { get; } = new();

        public bool Ended { get; set; }

        public bool HasWholeLine => Ended || Text.ToString().Contains('\n', StringComparison.Ordinal);
    }
}
