namespace LLMOS.Inference.Planning;

/// <summary>What a token costs its sequence. A token whose KV was there, or that is computed again after its KV was dropped, costs nothing.</summary>
public static class WeightedTokens
{
    public const int Prefill = 1;
    public const int Decode = 2;
}
