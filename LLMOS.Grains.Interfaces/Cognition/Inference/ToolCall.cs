namespace LLMOS.Cognition.Inference;

/// <summary>A call of a function that a model made.</summary>
/// <param name="Id">What its result refers to it by.</param>
/// <param name="Name">The function.</param>
/// <param name="Arguments">Its arguments, a JSON object.</param>
[GenerateSerializer, Immutable, Alias("llmos.tool-call")]
public sealed record ToolCall(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Arguments);
