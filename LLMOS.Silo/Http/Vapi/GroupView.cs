namespace LLMOS.Silo.Http.Vapi;

/// <summary>A multicast group.</summary>
internal sealed record GroupView(string Name, IReadOnlyList<long> Members);
