namespace LLMOS.SystemInterface.Idempotency;

/// <summary>How a request with a key stands.</summary>
[GenerateSerializer, Alias("llmos.idempotency-state")]
public enum IdempotencyState
{
    /// <summary>The key is new: carry the request out.</summary>
    New,

    /// <summary>It was carried out, and this was the answer.</summary>
    Answered,

    /// <summary>It is being carried out.</summary>
    Running,

    /// <summary>It was begun and not answered, as when the silo went down: nobody knows whether it was done.</summary>
    Interrupted,

    /// <summary>The key was used for another request.</summary>
    Mismatch,
}
