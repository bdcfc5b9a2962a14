using System.Text;
using LLMOS.Kernel.Processes;

namespace LLMOS.Client.Watching;

/// <summary>
/// Where a watcher is in what a process shows, over the loss of its connection or of the activation it watched. The same
/// activation's outputs go on after the last one that was seen. A process that moves to another silo plays the turn it was in again, from its first token and with the same seed; what was shown of it
/// already is passed over as long as it comes out the same, and taken back with a
/// <see cref="ProcessOutputKind.TurnRestarted"/> once it differs. A committed turn is never shown twice.
/// </summary>
internal sealed class OutputCursor
{
    private readonly HashSet<Guid> _committed = [];
    private readonly StringBuilder _shown = new();
    private Guid _turn;
    private bool _inTurn;
    private int _replayed = -1;
    private long _epoch;
    private long _offset = -1;

    /// <summary>Says that the outputs that follow come from the start of an activation's log.</summary>
    public void Reattach() => _replayed = _inTurn ? 0 : -1;

    /// <summary>What a watcher should see of an output: nothing, the output, or more than it.</summary>
    public IEnumerable<ProcessOutput> Accept(ProcessOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.Epoch != 0 && output.Epoch == _epoch)
        {
            if (output.Offset <= _offset)
            {
                return [];
            }

            _replayed = -1;
        }

        (_epoch, _offset) = (output.Epoch, output.Offset);
        if (output.MessageId != Guid.Empty && _committed.Contains(output.MessageId))
        {
            return [];
        }

        return IsReplay(output) ? Replay(output) : Pass(output);
    }

    private bool IsReplay(ProcessOutput output) => _replayed >= 0 && output.MessageId == _turn;

    private ProcessOutput[] Replay(ProcessOutput output)
    {
        switch (output.Kind)
        {
            case ProcessOutputKind.TurnStarted or ProcessOutputKind.StateChanged:
                return [];

            case ProcessOutputKind.TurnRestarted:
                _replayed = 0;
                return [];

            case ProcessOutputKind.Text:
                return ReplayText(output);

            case ProcessOutputKind.TurnCommitted when _replayed < _shown.Length:
                return [.. Diverge(output), .. Pass(output)];

            default:
                _replayed = -1;
                return Pass(output);
        }
    }

    private ProcessOutput[] ReplayText(ProcessOutput output)
    {
        var known = Math.Min(output.Text.Length, _shown.Length - _replayed);
        if (!Matches(output.Text.AsSpan(0, known)))
        {
            return [.. Diverge(output), .. Pass(output)];
        }

        _replayed += known;
        if (_replayed < _shown.Length || known == output.Text.Length)
        {
            return [];
        }

        _replayed = -1;
        return Pass(output with { Text = output.Text[known..] });
    }

    private bool Matches(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (_shown[_replayed + i] != text[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes back what was shown of the turn and shows as much of it as was passed over.</summary>
    private ProcessOutput[] Diverge(ProcessOutput output)
    {
        _shown.Length = _replayed;
        _replayed = -1;
        var restart = new ProcessOutput(output.Offset, ProcessOutputKind.TurnRestarted, _turn, "The turn starts anew.", 0);
        return _shown.Length == 0
            ? [restart]
            : [restart, new ProcessOutput(output.Offset, ProcessOutputKind.Text, _turn, _shown.ToString(), 0)];
    }

    private ProcessOutput[] Pass(ProcessOutput output)
    {
        switch (output.Kind)
        {
            case ProcessOutputKind.TurnStarted or ProcessOutputKind.TurnRestarted:
                _turn = output.MessageId;
                _inTurn = true;
                _replayed = -1;
                _shown.Clear();
                break;

            case ProcessOutputKind.Text:
                _shown.Append(output.Text);
                break;

            case ProcessOutputKind.TurnCommitted:
                _committed.Add(output.MessageId);
                _inTurn = false;
                _shown.Clear();
                break;

            default:
                break;
        }

        return [output];
    }
}
