using System.Runtime.InteropServices;
using LLMOS.Inference.Interop;

namespace LLMOS.Inference;

/// <summary>The devices of this machine, as ggml's backends see them.</summary>
public static class LlamaDevices
{
    /// <summary>Every device with its memory as it is now; GPUs first, at least one CPU.</summary>
    /// <exception cref="LlamaException">The llama.cpp libraries cannot be loaded.</exception>
    public static unsafe IReadOnlyList<LlamaDevice> List()
    {
        LlamaRuntime.EnsureLoaded();
        var devices = new List<LlamaDevice>();
        for (nuint i = 0; i < GgmlNative.DeviceCount(); i++)
        {
            var device = GgmlNative.DeviceGet(i);
            nuint free, total;
            GgmlNative.DeviceMemory(device, &free, &total);
            devices.Add(new LlamaDevice(
                Name(device),
                Marshal.PtrToStringUTF8((nint)GgmlNative.DeviceDescription(device)) ?? "",
                Kind(device),
                (long)free,
                (long)total));
        }
        return [.. devices.OrderBy(device => device.Kind switch { LlamaDeviceKind.Gpu => 0, LlamaDeviceKind.IntegratedGpu => 1, LlamaDeviceKind.Cpu => 2, _ => 3 })];
    }

    /// <summary>The native device of a name.</summary>
    internal static unsafe (nint Device, LlamaDeviceKind Kind) Find(string name)
    {
        var names = new List<string>();
        for (nuint i = 0; i < GgmlNative.DeviceCount(); i++)
        {
            var device = GgmlNative.DeviceGet(i);
            names.Add(Name(device));
            if (string.Equals(names[^1], name, StringComparison.OrdinalIgnoreCase))
                return (device, Kind(device));
        }
        throw new LlamaException(LlamaError.DeviceMissing, $"There is no device '{name}' on this machine: it has {string.Join(", ", names)}.");
    }

    private static unsafe string Name(nint device) => Marshal.PtrToStringUTF8((nint)GgmlNative.DeviceName(device)) ?? "";

    private static LlamaDeviceKind Kind(nint device) => GgmlNative.DeviceType(device) switch
    {
        0 => LlamaDeviceKind.Cpu,
        1 => LlamaDeviceKind.Gpu,
        2 => LlamaDeviceKind.IntegratedGpu,
        _ => LlamaDeviceKind.Accelerator,
    };
}
