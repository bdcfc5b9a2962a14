namespace LLMOS.Cognition.Inference;

/// <summary>What is asked of engines.</summary>
/// <param name="IncludeProcesses">Whether to say what the KV of each process has come to, which an engine answers between two steps.</param>
/// <param name="SlicesOf">How far back slices of the scheduler are to be had; zero for none.</param>
[GenerateSerializer, Immutable, Alias("llmos.engine-query")]
public sealed record EngineQuery(
    [property: Id(0)] bool IncludeProcesses,
    [property: Id(1)] TimeSpan SlicesOf);
