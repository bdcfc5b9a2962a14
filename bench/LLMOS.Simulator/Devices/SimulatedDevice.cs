using LLMOS.Inference.Planning;
using LLMOS.Simulator.Traces;

namespace LLMOS.Simulator.Devices;

/// <summary>Carries out the plans of a step planner, as an engine would, at the costs that it is given. Nothing else is simulated: the planner is the real one.</summary>
internal sealed class SimulatedDevice(DeviceShape shape, DeviceCosts costs, IStepPlanner planner, double[] treeService, Outcomes outcomes)
{
    private readonly List<SimulatedSequence> _sequences = [];
    private readonly VirtualClock _clock = new();
    private readonly StepPlan _plan = new();
    private readonly PrefixCache _prefixes = new(shape.PrefixCells);
    private readonly int _leftOverPrefill = LeftOverRule.PrefillTokens(costs.Prefill > 0 ? 1000 / costs.Prefill : null, LeftOverRule.DefaultPrefillTime);
    private SequenceState[] _states = [];
    private int _reservedCells;
    private int _residents;
    private int _hostCells;
    private long _runningCells;
    private long _step;

    /// <summary>Requests here, running or waiting.</summary>
    public int Load => _sequences.Count;

    /// <summary>Whether a step is in progress.</summary>
    public bool IsBusy { get; set; }

    public void Add(int number, in TraceRequest request)
    {
        var sequence = new SimulatedSequence(number, request);
        sequence.Service.Begin(_step, _clock.StartOf(sequence.Class));
        _sequences.Add(sequence);
    }

    /// <summary>Runs a step that begins at a time, and returns the time at which it ends.</summary>
    public double RunStep(double now)
    {
        var states = Describe();
        _clock.Observe(states);
        planner.Plan(
            states,
            new StepLimits(shape.StepTokens, Math.Min(shape.PrefillTokensBesideDecode, shape.StepTokens), shape.Cells - _reservedCells, shape.Sequences - _residents, shape.HostCells - _hostCells)
            {
                LeftOverPrefillTokens = _leftOverPrefill,
            },
            _plan);
        _step++;
        var (swaps, swappedCells) = Swap(now);
        var prefill = 0;
        foreach (var (index, tokens) in _plan.Prefill)
            prefill += Math.Min(tokens, _sequences[index].Pending);
        var end = now + costs.StepSeconds(_plan.Decode.Count, prefill, _runningCells, swaps, swappedCells);
        foreach (var index in _plan.Decode)
            Serve(_sequences[index], 1, end);
        foreach (var (index, tokens) in _plan.Prefill)
            Serve(_sequences[index], tokens, end);
        outcomes.CountStep(_plan.Decode.Count, prefill, swaps);
        RemoveEnded();
        return end;
    }

    private ReadOnlySpan<SequenceState> Describe()
    {
        if (_states.Length < _sequences.Count)
            _states = new SequenceState[Math.Max(_sequences.Count, 2 * _states.Length)];
        for (var i = 0; i < _sequences.Count; i++)
        {
            var sequence = _sequences[i];
            var service = sequence.Service;
            var pending = sequence.IsStarted ? sequence.Pending : sequence.Pending - _prefixes.CachedOf(sequence.Request);
            _states[i] = new SequenceState
            {
                Phase = !sequence.IsAdmitted ? SequencePhase.Waiting : sequence.Generated > 0 && pending == 1 ? SequencePhase.Decode : SequencePhase.Prefill,
                Residency = sequence.Residency,
                Runnable = true,
                Class = sequence.Class,
                Priority = sequence.Request.Priority,
                Weight = sequence.Weight,
                VirtualTime = service.VirtualTime,
                WaitedSteps = service.Waited(_step),
                WaitedBeforeSwapIn = service.WaitedBeforeSwapIn,
                GeneratedSinceSwapIn = service.GeneratedSinceSwapIn,
                PrefilledTokens = service.PrefilledTokens,
                ReservationTokens = sequence.Class == SequenceClass.Realtime ? shape.Reservation : 0,
                WindowService = service.WindowService(_step + 1, shape.ReservationWindow),
                TreeService = treeService[sequence.Request.Tree],
                ReservedCells = sequence.Request.Cells,
                HeldCells = sequence.Computed,
                PendingTokens = pending,
                LastServedStep = service.LastServedStep,
                Arrival = sequence.Number,
            };
        }
        return _states.AsSpan(0, _sequences.Count);
    }

    private (int Swaps, long Cells) Swap(double now)
    {
        var (swaps, cells) = (0, 0L);
        foreach (var (index, to) in _plan.SwapOut)
        {
            var sequence = _sequences[index];
            outcomes.CountPreemption();
            sequence.IsAdmitted = false;
            sequence.Residency = to;
            _reservedCells -= sequence.Request.Cells;
            _runningCells -= sequence.Computed;
            _residents--;
            if (to == Residency.Cold)
            {
                sequence.Computed = 0;
                continue;
            }
            _hostCells += sequence.Computed;
            (swaps, cells) = (swaps + 1, cells + sequence.Computed);
        }
        foreach (var index in _plan.SwapIn)
        {
            var sequence = _sequences[index];
            if (sequence.Residency == Residency.Swapped)
            {
                _hostCells -= sequence.Computed;
                (swaps, cells) = (swaps + 1, cells + sequence.Computed);
            }
            else
            {
                sequence.Computed = _prefixes.CachedOf(sequence.Request);
            }
            if (!sequence.IsStarted)
            {
                sequence.IsStarted = true;
                sequence.Service.Start(sequence.Computed);
                outcomes.Admit(sequence.Number, now, sequence.Computed);
            }
            sequence.IsAdmitted = true;
            sequence.Residency = Residency.Resident;
            sequence.Service.SwapIn(_step - 1);
            _reservedCells += sequence.Request.Cells;
            _runningCells += sequence.Computed;
            _residents++;
        }
        return (swaps, cells);
    }

    private void Serve(SimulatedSequence sequence, int wanted, double end)
    {
        var tokens = Math.Min(wanted, sequence.Pending);
        sequence.Computed += tokens;
        _runningCells += tokens;
        treeService[sequence.Request.Tree] += sequence.Service.Charge(tokens, sequence.Computed, sequence.Generated > 0, sequence.Weight, _step, shape.ReservationWindow);
        if (sequence.Pending > 0)
            return;
        if (sequence.Generated == 0)
        {
            _prefixes.Use(sequence.Request);
            outcomes.FirstToken(sequence.Number, end);
        }
        sequence.Generated++;
        sequence.Service.CountGenerated();
        if (sequence.Generated == sequence.Request.OutputTokens)
            outcomes.End(sequence.Number, end);
    }

    private void RemoveEnded()
    {
        for (var i = _sequences.Count - 1; i >= 0; i--)
        {
            var sequence = _sequences[i];
            if (sequence.Generated < sequence.Request.OutputTokens)
                continue;
            _reservedCells -= sequence.Request.Cells;
            _runningCells -= sequence.Computed;
            _residents--;
            _sequences[i] = _sequences[^1];
            _sequences.RemoveAt(_sequences.Count - 1);
        }
    }
}
