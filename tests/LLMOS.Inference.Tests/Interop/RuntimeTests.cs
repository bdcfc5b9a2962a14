namespace LLMOS.Inference.Tests.Interop;

public sealed class RuntimeTests
{
    [Fact]
    public void Devices_are_listed_with_their_memory()
    {
        var devices = LlamaDevices.List();
        var cpu = Assert.Single(devices, device => device.Kind == LlamaDeviceKind.Cpu);
        Assert.True(cpu.MemoryTotal > 0);
        Assert.InRange(cpu.MemoryFree, 1, cpu.MemoryTotal);
        Assert.NotEmpty(cpu.Name);
    }

    [Fact]
    public void The_cpu_backend_is_loaded() => Assert.Contains("CPU", LlamaRuntime.SystemInfo, StringComparison.Ordinal);
}
