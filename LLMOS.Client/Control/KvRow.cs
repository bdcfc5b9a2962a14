using LLMOS.Cognition.Inference;

namespace LLMOS.Client.Control;

/// <summary>What the KV of a process has come to, as <c>ps -o json</c> lists it: cells are there now, all else counts over its life on the replica.</summary>
/// <param name="Residency">Where it is now.</param>
/// <param name="Cells">Cells, one for each token, that the context holds of it or that are saved.</param>
/// <param name="SharedCells">Those of them that other processes use, too.</param>
/// <param name="CachedTokens">Prompt tokens that needed no computing.</param>
/// <param name="SharedTokens">Those of them that came from other processes.</param>
/// <param name="ComputedTokens">Prompt tokens that were computed, those computed again included.</param>
/// <param name="SwapsOut">Times that it was moved out of the context.</param>
/// <param name="SwapsIn">Times that it was moved back.</param>
/// <param name="Evictions">Times that it was dropped, so that it has to be computed again.</param>
/// <param name="Preemptions">Times that the process had to give its place up in the middle of a turn.</param>
/// <param name="Faults">Times that it was not in the context when the process wanted it.</param>
public sealed record KvRow(
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
    internal static KvRow? Of(KvUsage? usage) => usage is null
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
