namespace LLMOS.SystemInterface.Boot;

/// <summary>How to boot.</summary>
[GenerateSerializer, Immutable, Alias("llmos.boot-request")]
public sealed record BootRequest
{
    /// <summary>
    /// Whether runs that were interrupted go on by themselves, as on a silo that stands alone, or wait to be resumed,
    /// as in a shell that was started for something else.
    /// </summary>
    [Id(0)] public bool ResumeRuns { get; init; } = true;
}
