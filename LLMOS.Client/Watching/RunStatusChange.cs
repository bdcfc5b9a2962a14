using LLMOS.Agents;

namespace LLMOS.Client.Watching;

/// <summary>The run has another status than before; the first event of a watch says which it has.</summary>
/// <param name="Run">The run as it is now.</param>
public sealed record RunStatusChange(RunSnapshot Run) : RunEvent;
