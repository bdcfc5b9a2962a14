namespace LLMOS.Inference.KvCache;

/// <summary>Saved KV cannot be used; the sequence is computed again.</summary>
internal sealed class StateException(SwapFallback reason, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public SwapFallback Reason { get; } = reason;
}
