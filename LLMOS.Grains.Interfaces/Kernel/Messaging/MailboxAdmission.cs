namespace LLMOS.Kernel.Messaging;

/// <summary>What a mailbox answers to a claim.</summary>
/// <param name="Verdict">Whether the message may come.</param>
/// <param name="Name">The name of the process; empty when there is none.</param>
/// <param name="Messages">Messages that wait or are on their way.</param>
/// <param name="Bytes">What they take, in bytes.</param>
/// <param name="MaxMessages">The bound on messages.</param>
/// <param name="MaxBytes">The bound on bytes.</param>
[GenerateSerializer, Immutable, Alias("llmos.mailbox-admission")]
public sealed record MailboxAdmission(
    [property: Id(0)] MailboxVerdict Verdict,
    [property: Id(1)] string Name,
    [property: Id(2)] int Messages,
    [property: Id(3)] long Bytes,
    [property: Id(4)] int MaxMessages,
    [property: Id(5)] long MaxBytes);
