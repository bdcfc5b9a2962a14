namespace LLMOS.Inference.Planning;

/// <summary>
/// A REALTIME sequence runs before all others until its service in the present window reaches its reservation. A quarter of everything, rounded up,
/// is never given away by reservations, so that the others move.
/// </summary>
public static class ReservationRule
{
    /// <summary>Whether a sequence is inside its reservation.</summary>
    public static bool Covers(in SequenceState sequence) =>
        sequence.Class == SequenceClass.Realtime && sequence.WindowService < sequence.ReservationTokens;

    /// <summary>What reservations leave of a total: a quarter, rounded up.</summary>
    public static int LeftOf(int total) => (int)(((long)total + 3) / 4);

    /// <summary>What reservations may take of a total.</summary>
    public static int MostOf(int total) => total - LeftOf(total);
}
