namespace LLMOS.Shell.Output;

/// <summary>A multicast group, as <c>groups -o json</c> lists it.</summary>
internal sealed record GroupRow(string Name, IReadOnlyList<long> Members);
