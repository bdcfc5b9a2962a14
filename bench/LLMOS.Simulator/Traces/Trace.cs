namespace LLMOS.Simulator.Traces;

/// <summary>Requests in the order of their arrival.</summary>
/// <param name="Requests">At least one.</param>
/// <param name="Trees">How many process trees they belong to.</param>
internal sealed record Trace(TraceRequest[] Requests, int Trees);
