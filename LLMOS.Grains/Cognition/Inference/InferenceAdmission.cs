namespace LLMOS.Cognition.Inference;

/// <summary>How callers of inference grains get a replica admitted.</summary>
public static class InferenceAdmission
{
    /// <summary>
    /// Has a replica admitted, following it to the silos that those that refuse it suggest, a few at most.
    /// </summary>
    /// <returns>What runs there.</returns>
    /// <exception cref="LlmosException">No silo takes it; the reason is that of the last one asked.</exception>
    public static async Task<ModelCard> EnsureAdmittedAsync(this IInferenceGrain replica, int maxMoves = 3)
    {
        ArgumentNullException.ThrowIfNull(replica);
        for (var moves = 0; ; moves++)
        {
            var admission = await replica.AdmitAsync();
            if (admission is { Accepted: true, Card: { } card })
            {
                return card;
            }

            if (admission.Suggested is null || moves == maxMoves)
            {
                throw new LlmosException(LlmosErrorCode.ResourceExhausted, admission.Reason);
            }
        }
    }
}
