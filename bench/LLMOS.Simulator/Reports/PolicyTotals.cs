namespace LLMOS.Simulator.Reports;

/// <summary>What a run under a policy did in all.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Makespan">Seconds from the first arrival's clock to the last end.</param>
/// <param name="TokensPerSecond">Generated tokens by that time.</param>
/// <param name="Steps">Steps of all devices.</param>
/// <param name="DecodedTokens">Tokens decoded.</param>
/// <param name="PrefilledTokens">Prompt tokens computed, those that were computed again included.</param>
/// <param name="CachedTokens">Prompt tokens that a shared prefix spared.</param>
/// <param name="Preemptions">Times that a running request gave its place to another.</param>
/// <param name="Swaps">Swaps to and from host memory.</param>
internal sealed record PolicyTotals(
    string Policy, double Makespan, double TokensPerSecond, long Steps, long DecodedTokens, long PrefilledTokens, long CachedTokens, long Preemptions, long Swaps);
