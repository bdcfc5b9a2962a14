namespace ModelForge;

/// <summary>An adapter that is merged into a model's weights.</summary>
/// <param name="Lora">Which; of the model's shape.</param>
/// <param name="Scale">What it is multiplied by.</param>
public sealed record MergedLora(RandomLora Lora, float Scale = 1);
