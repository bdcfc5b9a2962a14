using System.Globalization;

namespace LLMOS.Silo.Models;

/// <summary>The memory of this machine, or of the container that the process is confined to.</summary>
internal static class HostMemory
{
    public static DeviceMemory Read()
    {
        var info = GC.GetGCMemoryInfo();
        var total = info.TotalAvailableMemoryBytes;
        var free = Math.Max(0, total - info.MemoryLoadBytes);
        return new DeviceMemory(ReadAvailable() is { } available ? Math.Min(available, total) : free, total);
    }

    // The GC's figure is as old as the last collection; Linux knows better.
    private static long? ReadAvailable()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        const string Key = "MemAvailable:";
        try
        {
            var line = File.ReadLines("/proc/meminfo").FirstOrDefault(text => text.StartsWith(Key, StringComparison.Ordinal));
            return line is not null && long.TryParse(line[Key.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var kib)
                ? kib * 1024
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
