using LLMOS.Kernel.Resources;

namespace LLMOS.Shell.Top;

/// <summary>A device slot; memory in bytes.</summary>
internal sealed record TopDevice(string Silo, string Device, bool IsGpu, long MemoryFree, long MemoryTotal, IReadOnlyList<string> Models, int Active, int Waiting)
{
    public static TopDevice Of(DeviceReport report) => new(
        report.Silo.ToString(),
        report.Device,
        report.IsGpu,
        report.MemoryFree,
        report.MemoryTotal,
        [.. report.Models.Select(model => model.Name)],
        report.Load.Active,
        report.Load.Waiting);
}
