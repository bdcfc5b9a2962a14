namespace LLMOS.Silo.Models;

/// <summary>
/// Chooses the slot of a silo that takes a replica: one that holds the model and serves no replica of it, then one with
/// room for it, then one whose engine it can share, then one where unused models can make room.
/// </summary>
internal static class AdmissionPolicy
{
    /// <returns>The index of the slot; −1 when none can take it.</returns>
    public static int Choose(IReadOnlyList<SlotState> slots, long need)
    {
        var anyGpu = slots.Any(slot => slot.IsGpu);
        var best = -1;
        for (var index = 0; index < slots.Count; index++)
        {
            if ((!anyGpu || slots[index].IsGpu)
                && Rank(slots[index], need) is { } rank
                && (best < 0 || IsBetter(slots[index], rank, slots[best], Rank(slots[best], need)!.Value)))
            {
                best = index;
            }
        }

        return best;
    }

    private static int? Rank(in SlotState slot, long need) => slot switch
    {
        { Holds: true, Replicas: 0 } => 0,
        { Holds: false } when slot.Free >= need => 1,
        { Holds: true } => 2,
        _ when slot.Free + slot.Reclaimable >= need => 3,
        _ => null,
    };

    private static bool IsBetter(in SlotState slot, int rank, in SlotState best, int bestRank) =>
        (rank, slot.Leases, -slot.Free).CompareTo((bestRank, best.Leases, -best.Free)) < 0;
}
