using LLMOS.Kernel.Resources;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A device slot; memory in bytes.</summary>
internal sealed record DeviceView(string Silo, string Device, bool IsGpu, long MemoryFree, long MemoryTotal, IReadOnlyList<LoadedModel> Models, EngineLoad Load, DateTimeOffset At)
{
    public static DeviceView Of(DeviceReport report) =>
        new(report.Silo.ToString(), report.Device, report.IsGpu, report.MemoryFree, report.MemoryTotal, report.Models, report.Load, report.At);
}
