namespace LLMOS.Kernel.Scheduling;

/// <summary>What one that is waited for says to that.</summary>
/// <param name="Holds">Whether it has what is waited for: the message is not handled yet, or it has not ended.</param>
/// <param name="Ended">Whether it has ended.</param>
/// <param name="Raised">Whether the priority that is lent makes it more urgent than it is by itself.</param>
[GenerateSerializer, Immutable, Alias("llmos.wait-reply")]
public sealed record WaitReply(
    [property: Id(0)] bool Holds,
    [property: Id(1)] bool Ended,
    [property: Id(2)] bool Raised);
