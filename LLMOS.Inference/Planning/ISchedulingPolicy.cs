namespace LLMOS.Inference.Planning;

/// <summary>Who comes before whom. Pure, and the only thing in which the policies differ; <see cref="PolicyStepPlanner"/> does the rest.</summary>
public interface ISchedulingPolicy
{
    /// <summary>What it is chosen by.</summary>
    string Name { get; }

    /// <summary>Whether running sequences are swapped out for others, and a candidate that has no room is passed by later ones.</summary>
    bool IsPreemptive { get; }

    /// <summary>From which tier on a sequence has only what the others leave, see <see cref="LeftOverRule"/>; more than any tier for a policy that has none of these.</summary>
    int LeftOverTier => int.MaxValue;

    /// <summary>Places a sequence that has a request.</summary>
    /// <param name="sequence">Waiting, prefilling or decoding.</param>
    /// <param name="backlog">The work there is.</param>
    /// <param name="reserved">Whether it is inside a reservation that is to be kept.</param>
    Rank Place(in SequenceState sequence, in Backlog backlog, bool reserved);
}
