namespace LLMOS.Kernel.Resources;

/// <summary>A LoRA adapter that a process thinks with.</summary>
/// <param name="Name">The name it is configured under (<c>Models:Adapters</c>).</param>
/// <param name="Scale">What it adds is multiplied by this; a number other than 0.</param>
[GenerateSerializer, Immutable, Alias("llmos.adapter")]
public sealed record AdapterSelection(
    [property: Id(0)] string Name,
    [property: Id(1)] float Scale = 1);
