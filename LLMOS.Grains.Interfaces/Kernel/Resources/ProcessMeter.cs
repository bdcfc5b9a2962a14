namespace LLMOS.Kernel.Resources;

/// <summary>What a process says of its spending when an account asks.</summary>
/// <param name="Reading">Its own meter, as it is stored.</param>
/// <param name="HasAccount">Whether it has an account of its own, which then speaks for it and its children.</param>
/// <param name="IsAsking">Whether a grant may be on its way to it, so that the reading's lease says nothing of what it will hold.</param>
[GenerateSerializer, Immutable, Alias("llmos.process-meter")]
public sealed record ProcessMeter(
    [property: Id(0)] HolderReading Reading,
    [property: Id(1)] bool HasAccount,
    [property: Id(2)] bool IsAsking);
