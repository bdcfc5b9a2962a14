namespace LLMOS.Cognition.Inference;

/// <summary>What a function gave back.</summary>
/// <param name="CallId">The call that it answers.</param>
/// <param name="Text">The result, as the model is to read it.</param>
[GenerateSerializer, Immutable, Alias("llmos.tool-result")]
public sealed record ToolResult(
    [property: Id(0)] string CallId,
    [property: Id(1)] string Text);
