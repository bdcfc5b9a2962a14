using System.Collections.Immutable;

namespace LLMOS.Cognition.Inference;

/// <summary>What a message with the results of calls says: those, and what is said besides.</summary>
/// <param name="Results">The results, in the order of their calls.</param>
/// <param name="Text">What the sender adds in words; empty for nothing.</param>
[GenerateSerializer, Immutable, Alias("llmos.tool-results")]
public sealed record ToolResults(
    [property: Id(0)] ImmutableArray<ToolResult> Results,
    [property: Id(1)] string Text);
