using LLMOS.Cognition.Inference;

namespace LLMOS.Shell.Output;

/// <summary>What the KV of a process has come to, as <c>ps -o json</c> lists it: cells are there now, all else counts over its life on the replica.</summary>
internal sealed record KvRow(
    string Residency,
    int Cells,
    int SharedCells,
    long CachedTokens,
    long SharedTokens,
    long ComputedTokens,
    long SwapsOut,
    long SwapsIn,
    long Evictions,
    long Preemptions,
    long Faults)
{
    public static KvRow? Of(KvUsage? usage) => usage is null
        ? null
        : new KvRow(
            usage.Residency.ToString().ToUpperInvariant(),
            usage.Cells,
            usage.SharedCells,
            usage.CachedTokens,
            usage.SharedTokens,
            usage.ComputedTokens,
            usage.SwapsOut,
            usage.SwapsIn,
            usage.Evictions,
            usage.Preemptions,
            usage.Faults);
}
