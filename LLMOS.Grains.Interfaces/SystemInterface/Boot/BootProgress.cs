namespace LLMOS.SystemInterface.Boot;

/// <summary>A stage of boot that completed.</summary>
/// <param name="Stage">Which.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Detail">What it found or made, in a few words.</param>
[GenerateSerializer, Immutable, Alias("llmos.boot-progress")]
public sealed record BootProgress(
    [property: Id(0)] BootStage Stage,
    [property: Id(1)] TimeSpan Elapsed,
    [property: Id(2)] string Detail);
