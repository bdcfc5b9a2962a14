namespace LLMOS.Kernel.Resources;

/// <summary>The limits that <c>setrlimit</c> sets; see <see cref="AccountLimits"/> for what each one means.</summary>
[GenerateSerializer, Alias("llmos.resource-limit")]
public enum ResourceLimit
{
    /// <summary>Tokens in a time slice.</summary>
    Tokens,

    /// <summary>The length of a time slice, in seconds.</summary>
    Slice,

    /// <summary>1 for a hard cap, 0 for none.</summary>
    HardCap,

    /// <summary>Turns a minute.</summary>
    Requests,

    /// <summary>Tokens a minute.</summary>
    Rate,

    /// <summary>Processes that live at the same time.</summary>
    Processes,

    /// <summary>Tokens of context.</summary>
    Context,

    /// <summary>Device slots.</summary>
    Gpu,

    /// <summary>Messages that may wait in the mailbox of a process; an account has none.</summary>
    Messages,
}
