namespace LLMOS.Shell.Output;

/// <summary>A dead letter, as <c>dead -o json</c> lists it.</summary>
internal sealed record DeadLetterRow(
    long Sequence,
    Guid Id,
    DateTimeOffset Timestamp,
    long From,
    string FromName,
    long To,
    string ToName,
    string Type,
    string State,
    string Reason,
    Guid? ReplayedAs,
    string Payload);
