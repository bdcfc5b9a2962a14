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

    /// <summary>Whether the default model is loaded before the shell is ready, or with its first use.</summary>
    [Id(1)] public bool LoadModel { get; init; } = true;
}
