namespace LLMOS.SystemInterface.VectorFs;

/// <summary>A change in VectorFS, after it was stored.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">Where it is, or was.</param>
/// <param name="From">Where it was before it was moved, or what a link leads to; empty else.</param>
/// <param name="Version">The version of the file; 0 for directories and what is gone.</param>
/// <param name="Author">Who did it: a process or a principal.</param>
/// <param name="At">When.</param>
[GenerateSerializer, Immutable, Alias("llmos.file-event")]
public sealed record FileEvent(
    [property: Id(0)] FileEventKind Kind,
    [property: Id(1)] string Path,
    [property: Id(2)] string From,
    [property: Id(3)] long Version,
    [property: Id(4)] string Author,
    [property: Id(5)] DateTimeOffset At);
