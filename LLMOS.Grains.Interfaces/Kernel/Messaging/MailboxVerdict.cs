namespace LLMOS.Kernel.Messaging;

/// <summary>Whether a mailbox takes a message.</summary>
[GenerateSerializer, Alias("llmos.mailbox-verdict")]
public enum MailboxVerdict
{
    /// <summary>There is room, which is kept for the message.</summary>
    Admitted,

    /// <summary>One of the mailbox's bounds is reached.</summary>
    Full,

    /// <summary>The process has ended and takes no messages.</summary>
    Ended,

    /// <summary>There is no such process.</summary>
    Unknown,
}
