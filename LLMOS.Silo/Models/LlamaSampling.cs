using LLMOS.Cognition.Inference;
using LLMOS.Inference;

namespace LLMOS.Silo.Models;

/// <summary>Sampling in the words of the inference library, which checks it.</summary>
internal static class LlamaSampling
{
    public static SamplingParameters Of(SamplingOptions sampling) => new()
    {
        Temperature = sampling.Temperature,
        TopK = sampling.TopK,
        TopP = sampling.TopP,
        MinP = sampling.MinP,
        RepeatPenalty = sampling.RepeatPenalty,
        FrequencyPenalty = sampling.FrequencyPenalty,
        PresencePenalty = sampling.PresencePenalty,
        PenaltyWindow = sampling.PenaltyWindow,
        Seed = sampling.Seed,
        IgnoreEnd = sampling.IgnoreEndOfSequence,
        LogitBias = sampling.LogitBias.IsEmpty ? null : sampling.LogitBias,
        ForbiddenTokens = sampling.ForbiddenTokens.IsEmpty ? null : sampling.ForbiddenTokens,
        TopLogProbabilities = sampling.TopLogProbabilities,
    };
}
