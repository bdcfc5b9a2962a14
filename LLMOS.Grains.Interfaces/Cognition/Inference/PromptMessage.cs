namespace LLMOS.Cognition.Inference;

/// <summary>One message of a prompt.</summary>
[GenerateSerializer, Immutable, Alias("llmos.prompt-message")]
public sealed record PromptMessage(
    [property: Id(0)] PromptRole Role,
    [property: Id(1)] string Text);
