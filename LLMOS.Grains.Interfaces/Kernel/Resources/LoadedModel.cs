namespace LLMOS.Kernel.Resources;

/// <summary>A model that is in the memory of a device.</summary>
/// <param name="Name">The name it was asked for by.</param>
/// <param name="Replicas">Inference grains that use it there; 0 for a model that is kept because nothing else wants the room.</param>
[GenerateSerializer, Immutable, Alias("llmos.loaded-model")]
public sealed record LoadedModel(
    [property: Id(0)] string Name,
    [property: Id(1)] int Replicas);
