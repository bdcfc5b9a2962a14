namespace LLMOS.SystemInterface.VectorFs;

/// <summary>A version of a file.</summary>
/// <param name="Version">Its number, from 1.</param>
/// <param name="At">When it was written.</param>
/// <param name="Author">Who wrote it: a process or a principal.</param>
/// <param name="Change">What made it: written, appended, or rolled back to an older version.</param>
/// <param name="Length">Bytes of the content in UTF-8.</param>
[GenerateSerializer, Immutable, Alias("llmos.file-version")]
public sealed record FileVersion(
    [property: Id(0)] long Version,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] string Author,
    [property: Id(3)] string Change,
    [property: Id(4)] long Length);
