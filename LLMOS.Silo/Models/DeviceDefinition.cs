namespace LLMOS.Silo.Models;

/// <summary>A device slot that a silo offers for models.</summary>
public sealed record DeviceDefinition
{
    /// <summary>The name it is shown by, unique in its silo, such as <c>CUDA0</c> or <c>CPU</c>.</summary>
    public required string Name { get; init; }

    /// <summary>llama.cpp's name of the device that computes; several slots may share one.</summary>
    public required string Backend { get; init; }

    /// <summary>Whether it counts as a GPU: while any silo offers one, models go to no CPU.</summary>
    public bool IsGpu { get; init; }

    /// <summary>Bytes that models may use there; 0 for all that the device has.</summary>
    public long MemoryBytes { get; init; }
}
