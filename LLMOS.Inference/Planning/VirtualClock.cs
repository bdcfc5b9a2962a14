namespace LLMOS.Inference.Planning;

/// <summary>
/// Where newcomers start: at the least virtual time of those of their class that want service; where there are none, of those that HIGH, NORMAL and
/// LOW have; where there are none either, where the last of them were.
/// </summary>
public sealed class VirtualClock
{
    private const int Classes = (int)SequenceClass.Idle + 1;

    private readonly double[] _least = new double[Classes];
    private double _shared = double.PositiveInfinity;
    private double _floor;

    /// <summary>Takes in the input of a step.</summary>
    public void Observe(ReadOnlySpan<SequenceState> sequences)
    {
        _least.AsSpan().Fill(double.PositiveInfinity);
        foreach (ref readonly var sequence in sequences)
        {
            if (sequence.Phase != SequencePhase.Idle && sequence.Runnable && sequence.VirtualTime < _least[(int)sequence.Class])
                _least[(int)sequence.Class] = sequence.VirtualTime;
        }
        _shared = Math.Min(_least[(int)SequenceClass.High], Math.Min(_least[(int)SequenceClass.Normal], _least[(int)SequenceClass.Low]));
        if (double.IsFinite(_shared))
            _floor = Math.Max(_floor, _shared);
    }

    /// <summary>The virtual time at which a newcomer of a class starts.</summary>
    public double StartOf(SequenceClass sequenceClass)
    {
        var own = _least[(int)sequenceClass];
        return double.IsFinite(own) ? own : double.IsFinite(_shared) ? _shared : _floor;
    }
}
