using System.Net;
using LLMOS.Kernel.Resources;
using LLMOS.Silo.Placement;

namespace LLMOS.Silo.Tests.Placement;

/// <summary>Devices as silos report them.</summary>
internal static class Devices
{
    public static SiloAddress Silo(int number) => SiloAddress.New(IPAddress.Loopback, 20_000 + number, 1);

    public static DeviceReport Report(int silo, bool gpu = true, long free = 1 << 30, int queue = 0, params LoadedModel[] models) => new(
        Silo(silo),
        gpu ? $"GPU{silo}" : "CPU",
        gpu,
        free,
        2L << 30,
        [.. models],
        new EngineLoad(queue, Waiting: 0, KvUsed: 0, KvTotal: 0, TokensPerSecond: 0),
        DateTimeOffset.UnixEpoch);

    public static SiloDevices Of(int silo, long sequence, params DeviceReport[] devices) => new(Silo(silo), sequence, [.. devices]);
}
