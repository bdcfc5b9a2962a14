using System.Collections.Immutable;

namespace LLMOS.Kernel.Resources;

/// <summary>A device slot as its silo last reported it.</summary>
/// <param name="Silo">The silo it belongs to.</param>
/// <param name="Device">Its name, such as <c>CUDA0</c> or <c>CPU</c>.</param>
/// <param name="IsGpu">Whether it is a GPU.</param>
/// <param name="MemoryFree">Free memory, in bytes.</param>
/// <param name="MemoryTotal">All of its memory, in bytes.</param>
/// <param name="Models">Models that are loaded there.</param>
/// <param name="Load">How busy its engines are, summed.</param>
/// <param name="At">When it was reported.</param>
[GenerateSerializer, Immutable, Alias("llmos.device-report")]
public sealed record DeviceReport(
    [property: Id(0)] SiloAddress Silo,
    [property: Id(1)] string Device,
    [property: Id(2)] bool IsGpu,
    [property: Id(3)] long MemoryFree,
    [property: Id(4)] long MemoryTotal,
    [property: Id(5)] ImmutableArray<LoadedModel> Models,
    [property: Id(6)] EngineLoad Load,
    [property: Id(7)] DateTimeOffset At);
