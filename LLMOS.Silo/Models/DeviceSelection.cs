using System.Collections.Immutable;

namespace LLMOS.Silo.Models;

/// <summary>Which devices a silo offers: those it finds, none, or those that are listed.</summary>
public sealed record DeviceSelection
{
    private DeviceSelection(bool isAuto, ImmutableArray<DeviceDefinition> listed)
    {
        IsAuto = isAuto;
        Listed = listed;
    }

    /// <summary>The machine's GPUs, or its CPU when it has none.</summary>
    public static DeviceSelection Auto { get; } = new(isAuto: true, []);

    public static DeviceSelection None { get; } = new(isAuto: false, []);

    public bool IsAuto { get; }

    public ImmutableArray<DeviceDefinition> Listed { get; }

    /// <exception cref="LlmosException">Two of them have one name.</exception>
    public static DeviceSelection Of(params IEnumerable<DeviceDefinition> devices)
    {
        var listed = devices.ToImmutableArray();
        var twice = listed.GroupBy(device => device.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? new(isAuto: false, listed)
            : throw LlmosException.InvalidArgument($"Two devices are named '{twice.Key}': give each a name of its own, such as '{twice.Key}-2={twice.First().Backend}'.");
    }

    /// <summary>
    /// Reads <c>auto</c>, <c>none</c>, or a list of <c>NAME[=BACKEND][:MEMORY]</c> separated by commas, where BACKEND is
    /// llama.cpp's name of the device (NAME when it is left out) and MEMORY is a size such as <c>8G</c>.
    /// </summary>
    /// <exception cref="LlmosException">It is none of these.</exception>
    public static DeviceSelection Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Trim().ToUpperInvariant() switch
        {
            "AUTO" => Auto,
            "NONE" => None,
            _ => Of(text.Split(',').Select(ParseDevice)),
        };
    }

    private static DeviceDefinition ParseDevice(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var names = (colon < 0 ? text : text[..colon]).Split('=', 2, StringSplitOptions.TrimEntries);
        var (name, backend) = (names[0], names[^1]);
        if (name.Length == 0 || backend.Length == 0)
        {
            throw LlmosException.InvalidArgument($"'{text}' is no device: use auto, none, or a list such as CPU:4G or CUDA0,CUDA1:20G.");
        }

        return new DeviceDefinition
        {
            Name = name,
            Backend = backend,
            IsGpu = !backend.Equals("CPU", StringComparison.OrdinalIgnoreCase),
            MemoryBytes = colon < 0 ? 0 : ByteSize.Parse(text[(colon + 1)..]),
        };
    }
}
