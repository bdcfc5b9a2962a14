namespace LLMOS;

/// <summary>The kinds of error a caller can tell apart.</summary>
[GenerateSerializer, Alias("llmos.error-code")]
public enum LlmosErrorCode
{
    /// <summary>The request itself is wrong and will be refused again.</summary>
    InvalidArgument,

    /// <summary>What the request names does not exist.</summary>
    NotFound,

    /// <summary>The request is right and the state of the thing it names does not allow it.</summary>
    FailedPrecondition,

    /// <summary>The caller may not do this.</summary>
    PermissionDenied,

    /// <summary>A budget, a quota or a capacity is used up.</summary>
    ResourceExhausted,

    /// <summary>A part of the system is not there now; the same request may succeed later.</summary>
    Unavailable,

    /// <summary>A defect of the system.</summary>
    Internal,

    /// <summary>The system has no such part yet; the same request fails again until it has.</summary>
    NotAvailable,

    /// <summary>The time that the request was given has passed; whether it was done is not known.</summary>
    DeadlineExceeded,

    /// <summary>It waited for one that waited for it, and was chosen to give up so that the others can go on; asked again later it may succeed.</summary>
    Deadlock,
}
