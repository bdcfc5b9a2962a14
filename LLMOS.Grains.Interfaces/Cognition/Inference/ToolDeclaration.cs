namespace LLMOS.Cognition.Inference;

/// <summary>A function that a model may call. Who asks runs it; the model only says that it wants to.</summary>
/// <param name="Name">What it is called by.</param>
/// <param name="Description">What it does, for the model.</param>
/// <param name="Parameters">The JSON schema of its arguments, an object; empty for a function without any.</param>
[GenerateSerializer, Immutable, Alias("llmos.tool-declaration")]
public sealed record ToolDeclaration(
    [property: Id(0)] string Name,
    [property: Id(1)] string Description,
    [property: Id(2)] string Parameters);
