namespace LLMOS.Inference;

/// <summary>An adapter that a request is computed with.</summary>
/// <param name="Adapter">Which; one of the engine's model.</param>
/// <param name="Scale">What it adds is multiplied by this: a number other than 0.</param>
public readonly record struct AdapterUse(LoraAdapter Adapter, float Scale = 1);
