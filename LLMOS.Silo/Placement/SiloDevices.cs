using System.Collections.Immutable;
using LLMOS.Kernel.Resources;

namespace LLMOS.Silo.Placement;

/// <summary>What a silo reports of its devices.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="Sequence">Grows with each report of one silo, so that one overtaken on the way is known as old.</param>
/// <param name="Devices">Its devices; empty when it offers none.</param>
[GenerateSerializer, Immutable, Alias("llmos.silo-devices")]
public sealed record SiloDevices(
    [property: Id(0)] SiloAddress Silo,
    [property: Id(1)] long Sequence,
    [property: Id(2)] ImmutableArray<DeviceReport> Devices)
{
    /// <summary>Whether the silo drains, so that nothing is placed there any more.</summary>
    [Id(3)] public bool IsDraining { get; init; }
}
