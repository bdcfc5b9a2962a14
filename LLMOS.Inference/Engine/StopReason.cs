namespace LLMOS.Inference;

/// <summary>Why a generation ended.</summary>
public enum StopReason
{
    /// <summary>The model ended it, or its grammar was complete.</summary>
    EndOfText,

    /// <summary>One of the request's stop texts was reached.</summary>
    StopText,

    /// <summary>The most tokens asked for were generated.</summary>
    Length,

    /// <summary>It was cancelled, or its reader went away.</summary>
    Cancelled,

    /// <summary>It was taken out of the queue before it began; see <see cref="LlamaCppEngine.WithdrawAsync"/>.</summary>
    Withdrawn,
}
