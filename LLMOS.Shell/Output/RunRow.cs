namespace LLMOS.Shell.Output;

/// <summary>A run, as <c>runs -o json</c> lists it.</summary>
internal sealed record RunRow(
    string Id,
    string Workflow,
    string Status,
    string Request,
    string Region,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    IReadOnlyList<RunMemberRow> Members,
    string? Result,
    string Failure);
