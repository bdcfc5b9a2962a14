namespace LLMOS.SystemInterface.Idempotency;

/// <summary>An answer over HTTP, kept to be given again.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">What its body is; empty without one.</param>
/// <param name="Location">The header Location; empty without one.</param>
/// <param name="Body">The body.</param>
[GenerateSerializer, Immutable, Alias("llmos.stored-answer")]
public sealed record StoredAnswer(
    [property: Id(0)] int Status,
    [property: Id(1)] string ContentType,
    [property: Id(2)] string Location,
    [property: Id(3)] byte[] Body);
