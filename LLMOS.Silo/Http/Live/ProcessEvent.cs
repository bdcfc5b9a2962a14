namespace LLMOS.Silo.Http.Live;

/// <summary>A process changed its state.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Name">Its name.</param>
/// <param name="From">Its state before; null for a process that is new.</param>
/// <param name="To">Its state now.</param>
/// <param name="WaitsFor">What a BLOCKED process waits for; empty for nothing.</param>
internal sealed record ProcessEvent(long Pid, string Name, string? From, string To, string WaitsFor);
