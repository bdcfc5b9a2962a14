namespace LLMOS.Cognition.Inference;

/// <summary>Who speaks in a prompt.</summary>
[GenerateSerializer, Alias("llmos.prompt-role")]
public enum PromptRole
{
    System,
    User,
    Assistant,
    Tool,
}
