namespace LLMOS.Silo.Http.Vapi;

/// <summary>How a process is to be signalled.</summary>
/// <param name="Reason">A sentence that is kept.</param>
/// <param name="Tree">For kill: whether with all that descend from it.</param>
internal sealed record SignalBody(string? Reason = null, bool Tree = false);
