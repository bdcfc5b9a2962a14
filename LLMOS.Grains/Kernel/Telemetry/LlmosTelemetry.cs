using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LLMOS.Kernel.Telemetry;

/// <summary>The meter and the activity source of the system. Whoever exports listens to them by <see cref="Name"/>.</summary>
public static class LlmosTelemetry
{
    public const string Name = "LLMOS";

    public static Meter Meter { get; } = new(Name);

    public static ActivitySource Source { get; } = new(Name);
}
