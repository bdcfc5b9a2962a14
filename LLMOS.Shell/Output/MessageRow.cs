namespace LLMOS.Shell.Output;

/// <summary>A message, as <c>log -o json</c> lists it.</summary>
internal sealed record MessageRow(
    long Sequence,
    Guid Id,
    DateTimeOffset Timestamp,
    long From,
    string FromName,
    long To,
    string ToName,
    string Type,
    string State,
    string CorrelationId,
    string Payload);
