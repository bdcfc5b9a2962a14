using LLMOS.Cognition.Inference;
using LLMOS.Inference;
using LLMOS.Inference.Planning;

namespace LLMOS.Silo.Models;

/// <summary>What the inference library tells of a sequence, for the callers of grains.</summary>
internal static class LlamaUsage
{
    public static KvUsage Of(long pid, SequenceStatistics statistics) => new()
    {
        Pid = pid,
        Residency = statistics.Residency switch
        {
            Residency.Resident => KvResidency.Resident,
            Residency.Swapped => KvResidency.Swapped,
            _ => KvResidency.Cold,
        },
        Cells = statistics.CachedTokens,
        SharedCells = statistics.SharedTokens,
        CachedTokens = statistics.HitTokens,
        SharedTokens = statistics.SharedHitTokens,
        ComputedTokens = statistics.ComputedTokens,
        SwapsOut = statistics.SwapsOut,
        SwapsIn = statistics.SwapsIn,
        Evictions = statistics.Evictions,
        Preemptions = statistics.Preemptions,
        Faults = statistics.Faults,
        GeneratedTokens = statistics.GeneratedTokens,
        PrefillTime = statistics.PrefillTime,
        DecodeTime = statistics.DecodeTime,
        QueueTime = statistics.QueueTime,
        TimeToFirstToken = statistics.TimeToFirstToken,
    };
}
