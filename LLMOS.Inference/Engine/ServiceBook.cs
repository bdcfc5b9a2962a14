using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Engine;

/// <summary>Charges sequences for the tokens that steps compute, and tells the planner. Belongs to the owner thread.</summary>
internal sealed class ServiceBook(EngineOptions options, EngineCounters counters)
{
    private readonly TreeLedger _trees = new();

    public VirtualClock Clock { get; } = new();

    /// <summary>A request comes to a sequence that had none.</summary>
    public void Begin(Sequence sequence, Generation generation)
    {
        sequence.Tree = generation.Request.Tree ?? sequence.Key;
        sequence.Service.Begin(counters.Steps, Clock.StartOf(generation.Class));
    }

    /// <summary>The priority of a sequence's request is another from now on. In another class it begins like a newcomer, for its virtual time says nothing there.</summary>
    public void Reprioritise(Sequence sequence, Generation generation, int priority)
    {
        var former = generation.Class;
        generation.Priority = priority;
        if (generation.Class != former)
            sequence.Service.Change(Clock.StartOf(generation.Class));
    }

    /// <summary>A step computed the last so many of a sequence's cached tokens.</summary>
    public void Charge(Sequence sequence, Generation generation, int tokens, long step)
    {
        var cost = sequence.Service.Charge(tokens, sequence.Cached, generation.Completed > 0, WeightOf(generation), step, options.ReservationWindow);
        if (sequence.Tree is { } tree)
            _trees.Charge(tree, cost);
    }

    /// <summary>Adds to what the planner is told of a sequence what it was served and is due.</summary>
    public SequenceState Describe(Sequence sequence, in SequenceState state)
    {
        var service = sequence.Service;
        if (sequence.Current is not { } generation)
            return state with { Weight = 1, LastServedStep = service.LastServedStep };
        var step = counters.Steps;
        var sequenceClass = generation.Class;
        service.SetRunnable(state.Runnable, step, Clock.StartOf(sequenceClass));
        return state with
        {
            Class = sequenceClass,
            Priority = generation.Priority,
            Weight = WeightOf(generation),
            VirtualTime = service.VirtualTime,
            WaitedSteps = service.Waited(step),
            WaitedBeforeSwapIn = service.WaitedBeforeSwapIn,
            GeneratedSinceSwapIn = service.GeneratedSinceSwapIn,
            PrefilledTokens = service.PrefilledTokens,
            ReservationTokens = generation.Request.Reservation ?? (sequenceClass == SequenceClass.Realtime ? options.RealtimeReservation : 0),
            WindowService = service.WindowService(step, options.ReservationWindow),
            TreeService = sequence.Tree is { } tree ? _trees.ServiceOf(tree) : service.VirtualTime * WeightOf(generation),
            LastServedStep = service.LastServedStep,
        };
    }

    private static double WeightOf(Generation generation) => WeightTable.Of(generation.Priority) * generation.Request.Weight;
}
