namespace LLMOS.SystemInterface.Conversations;

/// <summary>A response that was kept until now.</summary>
/// <param name="Response">The response.</param>
/// <param name="IsLast">Whether nobody went on in its process.</param>
[GenerateSerializer, Immutable, Alias("llmos.deleted-response")]
public sealed record DeletedResponse([property: Id(0)] StoredResponse Response, [property: Id(1)] bool IsLast);
